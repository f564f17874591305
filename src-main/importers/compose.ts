import { optimizerOf, parseExperiment, type Experiment, type ExperimentInput } from '#contract/experiment'
import { Failure } from '#contract/failure'
import type { Message } from '#contract/messages'
import type { NamedTensor } from '#contract/model'
import type { Preparation, PreparationOf } from '#contract/vocabulary'
import { LARGEST_FILE_BYTES, tooLarge } from './files'
import type { ModelFile } from './importer'
import type { Chain, LayerLink, Link } from './keras/chain'
import { endOf } from './ending'
import { compiledChain } from './keras/compiled'
import { showShape, sizeOf } from './keras/tensors'
import type { LayerInput } from './keras/translation'
import { joinActivations, nameLayers, type NamedSource, type NamelessLink } from './naming'

/** What an imported model is trained on. */
export interface Ground {
  /** Everything of the experiment besides its model. */
  experiment: Experiment
  /** Shape of one of its samples. */
  featureShape: readonly number[]
}

/** An imported model as an experiment. */
export interface Composed {
  experiment: Experiment
  /** Trained values, named as the experiment names its layers. */
  tensors: NamedTensor[]
  notes: Message[]
}

/**
 * The experiment of a chain: layers and weights from the model, optimizer and loss as it was compiled, data and the
 * rest from the ground that it is put on.
 * @throws Failure `import.groundShape`, `import.tooLarge`
 */
export function compose(
  file: ModelFile,
  chain: Chain,
  inputShape: readonly number[],
  ground: Ground
): Composed {
  const { links } = chain
  const {
    layers,
    loss,
    notes: lossNotes
  } = endOf(
    joinActivations(links.filter((link): link is LayerLink => link.layer !== undefined)),
    file.compiled?.loss,
    ground.experiment.loss
  )
  const front = frontFor(layers, inputShape, ground, file.path)
  const named = nameLayers([...front, ...layers])
  const chainOfGradients = gradientsOf(file, ground.experiment)
  const { prepare, notes: prepareNotes } = preparationOf(links, ground.experiment.data.prepare)
  const experiment: ExperimentInput = {
    ...ground.experiment,
    data: { ...ground.experiment.data, prepare },
    model: { layers: named.layers as ExperimentInput['model']['layers'] },
    loss,
    gradients: chainOfGradients.gradients
  }
  return {
    experiment: parseExperiment(experiment),
    tensors: readTensors(named.tensors, file.path),
    notes: [...prepareNotes, ...lossNotes, ...chainOfGradients.notes]
  }
}

/** What makes samples of the data into what the model takes. @throws Failure `import.groundShape` */
function frontFor(
  layers: readonly LayerLink[],
  inputShape: readonly number[],
  { featureShape, experiment }: Ground,
  path: string
): NamelessLink[] {
  if (String(inputShape) === String(featureShape)) return []
  if (sizeOf(inputShape) === sizeOf(featureShape)) {
    // These take any shape.
    if (['flatten', 'reshape'].includes(layers[0]?.layer.use)) return []
    const layer: LayerInput =
      inputShape.length === 1 ? { use: 'flatten' } : { use: 'reshape', shape: [...inputShape] }
    return [{ layer, tensors: [] }]
  }
  throw new Failure('import.groundShape', {
    path,
    shape: showShape(inputShape),
    found: showShape(featureShape),
    source: experiment.data.source.use
  })
}

/** Raw values are multiplied where the model begins, and targets where it ends. */
function preparationOf(
  links: readonly Link[],
  ground: readonly Preparation[]
): { prepare: Preparation[]; notes: Message[] } {
  const first = links.findIndex((link) => link.layer !== undefined)
  const factorOf = (some: readonly Link[]): number | undefined => {
    const factors = some.flatMap((link) => (link.layer === undefined ? [link.scale] : []))
    return factors.length > 0 ? factors.reduce((product, by) => product * by, 1) : undefined
  }
  const [before, behind] = [factorOf(links.slice(0, first)), factorOf(links.slice(first))]
  // What makes another shape of the samples stays.
  const kept = ground.filter(
    (step) => !('on' in step) || (step.on === 'features' ? before : behind) === undefined
  )
  const added: PreparationOf<'scale'>[] = [
    ...(before !== undefined ? [{ use: 'scale', by: before, on: 'features' } as const] : []),
    ...(behind !== undefined ? [{ use: 'scale', by: 1 / behind, on: 'targets' } as const] : [])
  ]
  return {
    prepare: [...kept, ...added],
    notes: added.map(({ by, on }): Message => ({ key: `import.note.scale.${on}`, values: { by } }))
  }
}

/** The chain of gradients as the model was compiled, else that of the ground. */
function gradientsOf(
  { compiled }: ModelFile,
  ground: Experiment
): { gradients: Experiment['gradients']; notes: Message[] } {
  const wanted = compiled?.optimizer
  const chain = compiledChain(wanted)
  if (chain) return chain
  return {
    gradients: ground.gradients,
    notes:
      wanted === undefined || wanted === null
        ? []
        : [{ key: 'import.note.optimizer', values: { optimizer: optimizerOf(ground).optimizer.use } }]
  }
}

/** Reads the weights, after what they take together is known. @throws Failure `import.*` */
function readTensors(tensors: readonly NamedSource[], path: string): NamedTensor[] {
  const bytes = tensors.reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0)
  if (bytes > LARGEST_FILE_BYTES) throw tooLarge(path, bytes, LARGEST_FILE_BYTES)
  return tensors.map(({ name, shape, read }) => ({ name, shape: [...shape], values: read() }))
}
