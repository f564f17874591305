import { basename, dirname, extname, resolve } from 'node:path'
import { parseExperiment, type Experiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import type { ForeignModel } from '#contract/import'
import type { Message } from '#contract/messages'
import { compose, type Composed, type Ground } from './compose'
import { importerFor, requireImporter } from './index'
import type { ModelFile } from './importer'
import { problemWith, translateChain, type Chain, type Findings, type Planner } from './keras/chain'
import { arrange, isAddition } from './keras/graph'
import { parseModel, type KerasLayer, type KerasModel } from './keras/model'
import { showShape, sizeOf } from './keras/tensors'

/** What an import makes of a model file; there is no experiment where a layer cannot be represented. */
export interface ImportedModel {
  model: ForeignModel
  composed?: Omit<Composed, 'notes'>
}

/**
 * Reads a model of another program. Its data, and whatever else it cannot tell, comes from `ground`; without one, from
 * the experiment beside an export of ours, else a model for 28 × 28 pixels and ten classes is put on MNIST.
 * @throws Failure `import.*`, `storage.*` that names the file and what is wrong with it
 */
export async function importModel(
  path: string,
  ground: Ground | undefined,
  plan: Planner
): Promise<ImportedModel> {
  const file = await (await requireImporter(path)).open(path)
  try {
    const own = ground ? undefined : experimentBeside(file)
    const { model, chain, inputShape } = understand(file, plan, ground?.featureShape, own && file.ours?.added)
    if (!inputShape) throw new Failure('import.noInputShape', { path })
    if (model.layers.some(({ problem }) => problem)) return { model }
    const name = nameOf(path)
    const found =
      (ground && { ground: { ...ground, experiment: { ...ground.experiment, name } }, notes: [] }) ??
      (own && groundOf(own, inputShape)) ??
      mnistFor(inputShape, chain.outputShape, name)
    if (!found) throw new Failure('import.needsBase', { path, shape: showShape(inputShape) })
    const { notes, ...composed } = compose(file, chain, inputShape, found.ground)
    return { model: { ...model, notes: [...found.notes, ...model.notes, ...notes] }, composed }
  } finally {
    file.close()
  }
}

/**
 * What a model file holds, without its values; null for a path that does not look like a model.
 * @throws Failure `import.*`, `storage.*`
 */
export async function inspectModel(path: string, plan: Planner): Promise<ForeignModel | null> {
  const importer = await importerFor(path)
  if (!importer) return null
  const file = await importer.open(path)
  try {
    return understand(file, plan, undefined, experimentBeside(file) && file.ours?.added).model
  } finally {
    file.close()
  }
}

interface Understood {
  model: ForeignModel
  chain: Chain
  inputShape: readonly number[] | undefined
}

/** `shape` fills lengths that the file leaves open; `added` are layers that our export put around those of an experiment. */
function understand(
  file: ModelFile,
  plan: Planner,
  shape: readonly number[] | undefined,
  added: readonly string[] = []
): Understood {
  const described = parseModel(file)
  const { parts: all, problems } = arrange(described)
  // Its preparation is that of the experiment beside it.
  const isAdded = (layer: KerasLayer): boolean =>
    layer.className === 'Rescaling' && added.includes(layer.name)
  const parts = all.filter((part) => !('layer' in part && isAdded(part.layer)))
  const inputShape = closedShape(described.inputShape, shape)
  const findings: Findings = { about: new Map(), notes: [] }
  for (const layer of described.layers) if (isAdded(layer)) findings.about.set(layer.name, {})
  const chain = translateChain(parts, inputShape, file, plan, findings)
  const layers = described.layers
    .filter(({ className }) => className !== 'InputLayer' || problems.size > 0)
    .map((layer) => {
      const { name, className, place } = layer
      const { use, outputShape, problem } = findings.about.get(name) ?? {
        problem:
          withName(problems.get(name), name, className) ??
          (isAddition(layer) ? undefined : problemWith(layer))
      }
      const stored = file.tensorsOf({ name, className, place })
      return {
        name,
        className,
        ...(use && { use }),
        ...(outputShape && { outputShape }),
        parameters: stored.reduce((sum, tensor) => sum + sizeOf(tensor.shape), 0),
        ...(problem && { problem })
      }
    })
  const model: ForeignModel = {
    path: file.path,
    format: file.format,
    ...(file.madeBy !== undefined && { madeBy: file.madeBy }),
    ...(inputShape && { inputShape: [...inputShape] }),
    layers,
    parameters: layers.reduce((sum, { parameters }) => sum + parameters, 0),
    notes: findings.notes
  }
  return { model, chain, inputShape }
}

const withName = (problem: Message | undefined, layer: string, className: string): Message | undefined =>
  problem && { key: problem.key, values: { ...problem.values, layer, className } }

/** A shape whose open lengths are those of the data, if it is known and otherwise alike. */
function closedShape(
  shape: KerasModel['inputShape'],
  data: readonly number[] | undefined
): readonly number[] | undefined {
  if (!shape) return data
  if (shape.every((length) => length !== null)) return shape
  const fits =
    data?.length === shape.length && shape.every((length, axis) => (length ?? data[axis]) === data[axis])
  return fits ? data : undefined
}

/** A ground that nobody gave, with what is to be said of it. */
interface FoundGround {
  ground: Ground
  notes: Message[]
}

/** The experiment that an export of ours was made from; undefined where there is none that can be used. */
function experimentBeside({ ours }: ModelFile): Experiment | undefined {
  if (!ours) return undefined
  try {
    return parseExperiment(ours.experiment)
  } catch (error) {
    if (error instanceof Failure) return undefined
    throw error
  }
}

/** An experiment that a model was exported from: what the model takes is what its data becomes. */
const groundOf = (experiment: Experiment, featureShape: readonly number[]): FoundGround => ({
  ground: { experiment, featureShape },
  notes: [{ key: 'import.note.ownExperiment' }]
})

/** Characters that an experiment's name may have. */
const LONGEST_NAME = 200
const MNIST_SHAPE = [28, 28, 1]
const MNIST_CLASSES = 10
/** Brings bytes to 0 … 1. */
const BYTE = 1 / 255

/** An experiment on MNIST for a model that takes its images and tells ten classes apart. */
function mnistFor(
  inputShape: readonly number[],
  outputShape: readonly number[] | undefined,
  name: string
): FoundGround | undefined {
  const takesImages = [[28, 28, 1], [28, 28], [784]].some((shape) => String(shape) === String(inputShape))
  if (!takesImages || String(outputShape) !== String([MNIST_CLASSES])) return undefined
  const experiment = parseExperiment({
    version: 1,
    name,
    data: { source: { use: 'mnist' }, prepare: [{ use: 'scale', by: BYTE }] },
    model: { layers: [{ use: 'flatten' }] },
    loss: { use: 'softmaxCrossEntropy' },
    gradients: [{ use: 'adam', rate: 0.001 }],
    training: { batchSize: 128, epochs: 2 }
  })
  return { ground: { experiment, featureShape: MNIST_SHAPE }, notes: [{ key: 'import.note.mnist' }] }
}

/** The name of a file or folder without its ending, as a name of an experiment. */
function nameOf(path: string): string {
  const own = basename(path) === 'model.json' ? dirname(resolve(path)) : path
  return basename(own, extname(own)).slice(0, LONGEST_NAME)
}
