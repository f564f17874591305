import { z } from 'zod'
import { documentSchema, type JsonSchema } from './documented-schema'
import { engineChoice } from './engine'
import { failureOf } from './experiment-failure'
import { Failure } from './failure'
import type { Language } from './messages'
import {
  augmentation,
  cleaning,
  fault,
  gradientStep,
  hasMomentum,
  initialization,
  isOptimizer,
  layer,
  loss,
  monitor,
  preparation,
  record,
  source,
  type GradientStep,
  type Optimizer
} from './vocabulary'
import { telemetryPresets } from './measures'

const count = z.int().positive()

/**
 * One experiment: everything that decides the numbers of a run, in one JSON file. The schema refuses only what
 * cannot be computed; what is merely unwise is trained and diagnosed.
 */
export const experiment = record({
  version: z.literal(1),
  name: z.string().max(200).default('untitled'),
  seed: z.int().min(0).max(0xffffffff).default(1),
  data: record({
    source,
    clean: z.array(cleaning).default([]),
    prepare: z.array(preparation).default([]),
    augment: z.array(augmentation).default([]),
    split: record({ validation: z.number().min(0).lt(1).meta({ unit: 'share' }) }).optional(),
    limit: record({
      train: count.meta({ unit: 'samples' }).optional(),
      test: count.meta({ unit: 'samples' }).optional()
    }).optional(),
    /** Weights of the samples in the loss of training, by class: `balanced` = samples / (classes · samples of the class). */
    classWeights: z.union([z.literal('balanced'), z.array(z.number().min(0)).min(1)]).optional(),
    faults: z.array(fault).default([])
  }),
  model: record({
    layers: z.array(layer).min(1),
    /** A pass over the whole model before the first step, in place of the kernels' own initializers. */
    initialize: initialization.optional(),
    /** SHA-256 of a file of the library with weights and layer state; it replaces initialization. */
    weights: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional()
  }),
  loss,
  gradients: z.array(gradientStep).min(1),
  training: record({
    batchSize: count.meta({ unit: 'samples', live: true }),
    epochs: count.meta({ unit: 'epochs' }).optional(),
    steps: count.meta({ unit: 'steps' }).optional(),
    stopEarly: record({
      monitor,
      patience: count.meta({ unit: 'epochs' }).default(3),
      minDelta: z.number().min(0).default(0),
      restoreBest: z.boolean().default(true)
    }).optional()
  }),
  telemetry: z.enum(telemetryPresets).default('normal'),
  guard: record({
    nonFinite: z.enum(['stop', 'skip', 'rollback']).default('stop'),
    /** Times that a run may go back to its last good state; the next refused step stops it. */
    retries: count.default(3),
    /** A step that would move a layer by more than so many times the norm of its weights is refused like NaN. */
    maxUpdateRatio: z.number().positive().optional()
  }).default({ nonFinite: 'stop', retries: 3 }),
  engine: record({ use: engineChoice.default('auto') }).default({ use: 'auto' })
})
export type Experiment = z.output<typeof experiment>
/** What a file may hold: defaults may be left out. */
export type ExperimentInput = z.input<typeof experiment>

/**
 * The experiment in a parsed JSON value, with its defaults filled in.
 * @throws Failure `experiment.*` that names the path, what was expected, what was found and the nearest known word.
 */
export function parseExperiment(value: unknown): Experiment {
  checkDepth(value)
  const checked = experiment.safeParse(value)
  if (!checked.success) throw failureOf(checked.error.issues[0], value)
  checkTraining(checked.data)
  checkChain(checked.data.gradients)
  checkSchedules(checked.data.gradients)
  checkNames(checked.data)
  checkFirstWeights(checked.data)
  return checked.data
}

/** The optimizer of an experiment, with its place in the chain. */
export function optimizerOf(experiment: Experiment): { index: number; optimizer: Optimizer } {
  const index = experiment.gradients.findIndex(isOptimizer)
  return { index, optimizer: experiment.gradients[index] as Optimizer }
}

/** JSON Schema (draft 2020-12) of an experiment file, with a description of every place, word and option. */
export const experimentJsonSchema = (language: Language): JsonSchema =>
  documentSchema(z.toJSONSchema(experiment, { io: 'input' }) as JsonSchema, language)

/** No model nests so deep, and whatever walks the layers must come to an end. */
const MOST_LEVELS = 32

function checkDepth(value: unknown): void {
  let level = [(value as { model?: unknown } | null | undefined)?.model]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MOST_LEVELS)
      throw new Failure('experiment.tooDeep', { path: 'model.layers', limit: MOST_LEVELS })
    level = level.flatMap((each) => {
      const inside = (each as { layers?: unknown } | null | undefined)?.layers
      return Array.isArray(inside) ? (inside as unknown[]) : []
    })
  }
}

function checkTraining({ training }: Experiment): void {
  if ((training.epochs === undefined) === (training.steps === undefined))
    throw new Failure('experiment.epochsOrSteps')
}

function checkChain(chain: GradientStep[]): void {
  const optimizers = chain.filter(isOptimizer)
  if (optimizers.length === 0) throw new Failure('experiment.noOptimizer')
  if (optimizers.length > 1)
    throw new Failure('experiment.twoOptimizers', { first: optimizers[0].use, second: optimizers[1].use })
  const last = chain[chain.length - 1]
  if (!isOptimizer(last))
    throw new Failure('experiment.afterOptimizer', {
      path: `gradients.${chain.length - 1}`,
      transform: last.use,
      optimizer: optimizers[0].use
    })
}

/** What begins with a warm-up must be at least as long, and a momentum that goes round needs an optimizer that has one. */
function checkSchedules(chain: GradientStep[]): void {
  const refuse = (path: string, option: 'over' | 'reset', length: number, warmup: number): void => {
    if (length < warmup) throw new Failure('experiment.shortSchedule', { path, option, length, warmup })
  }
  chain.forEach((step, index) => {
    const path = `gradients.${index}`
    if (step.use === 'spam') refuse(path, 'reset', step.reset, step.warmup)
    if (!isOptimizer(step) || typeof step.rate === 'number') return
    const cycles = step.rate.use === 'oneCycle' && step.rate.cycleMomentum
    if (cycles && !hasMomentum(step))
      throw new Failure('experiment.noMomentum', { path: `${path}.rate.cycleMomentum`, optimizer: step.use })
    if (step.rate.use === 'cosine') refuse(`${path}.rate`, 'over', step.rate.over, step.rate.warmup)
  })
}

function checkNames({ model }: Experiment): void {
  const seen = new Map<string, string>()
  for (const { layer, name, path } of walkLayers(model.layers)) {
    const first = seen.get(name)
    if (first !== undefined)
      throw new Failure('experiment.sameName', { name: layer.name ?? name, first, second: path })
    if (name.includes('/') && RESIDUAL_PARTS.includes(String(layer.name)))
      throw new Failure('experiment.partName', { path: `${path}.name`, name: String(layer.name) })
    seen.set(name, path)
  }
}

/** What a residual has beside its layers; tensors of both are named `<residual>/<name>`. */
const RESIDUAL_PARTS = ['shortcut', 'activation']

function checkFirstWeights({ model }: Experiment): void {
  if (model.initialize && model.weights !== undefined)
    throw new Failure('experiment.twoFirstWeights', { path: 'model.initialize' })
}

/** The name of each layer: its own, else its word with a number counted from 1 among layers of that word. */
export function layerNames(layers: readonly { use: string; name?: string }[]): string[] {
  const counts = new Map<string, number>()
  return layers.map(({ use, name }) => {
    const number = (counts.get(use) ?? 0) + 1
    counts.set(use, number)
    return name ?? `${use}_${number}`
  })
}

/** What is needed of a layer to name it; a residual has layers of its own. */
export interface NamedLayer {
  readonly use: string
  readonly name?: string
  readonly layers?: readonly NamedLayer[]
}

/** A layer with its full name, such as `residual_1/dense_2`, and its place, such as `model.layers.3.layers.1`. */
export interface PlacedLayer<Layer> {
  layer: Layer
  name: string
  path: string
}

/** Every layer in order, a residual before those inside it, which are counted anew and bear its name in front. */
export function walkLayers<Layer extends NamedLayer>(
  layers: readonly Layer[],
  prefix = '',
  path = 'model.layers'
): PlacedLayer<Layer>[] {
  const names = layerNames(layers)
  return layers.flatMap((layer, index) => {
    const placed = { layer, name: `${prefix}${names[index]}`, path: `${path}.${index}` }
    if (!isListOfLayers(layer.layers)) return [placed]
    const inside = layer.layers as readonly Layer[]
    return [placed, ...walkLayers(inside, `${placed.name}/`, `${placed.path}.layers`)]
  })
}

/** False where there are none, or where a list is only being typed. */
const isListOfLayers = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null)
