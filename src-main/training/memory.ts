import { totalmem } from 'node:os'
import type { Experiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import { rowsOf, type LayerSummary, type ModelSummary } from '#contract/model'
import { isOptimizer, type Layer, type Optimizer } from '#contract/vocabulary'
import { sizeOf } from '../models/layer'

const BYTES_PER_NUMBER = 4
const GIGABYTE = 1e9

/** Tensors that an optimizer keeps for each parameter. */
export const slots: Record<Optimizer['use'], number> = {
  sgd: 0,
  momentum: 1,
  nesterov: 1,
  rmsprop: 1,
  adagrad: 1,
  adam: 2,
  adamw: 2,
  nadam: 2,
  lamb: 2,
  lars: 1,
  stableAdamw: 2,
  spam: 2
}

/** These give the numbers that they get, which take no memory of their own, or end a layer that keeps only its result. */
const WITHOUT_MEMORY: readonly string[] = [
  'flatten',
  'reshape',
  'activation',
  'residual'
] satisfies Layer['use'][]
/** Numbers that a recurrent layer keeps for the way back, for each unit and each step: its state and its gates. */
const KEPT_BY_RECURRENT: Partial<Record<string, number>> = {
  simpleRnn: 1,
  gru: 4,
  lstm: 6
} satisfies Partial<Record<Layer['use'], number>>

/** What a training run needs at least, in bytes: nothing here is an exaggeration, and TensorFlow itself comes on top. */
export interface MemoryNeed {
  /** Weights, their gradients, what the optimizer keeps, and the states that a run may go back to. */
  weights: number
  /** What the layers give for one sample and keep until their gradients are taken. */
  perSample: number
  /** Samples in a step. */
  samples: number
  total: number
}

/** Estimates what training a model needs, `samples` being those of its training part. */
export function estimateMemory(
  { gradients, training, guard }: Experiment,
  { parameters, layers, inputShape }: ModelSummary,
  trainingSamples: number
): MemoryNeed {
  const optimizer = gradients.find(isOptimizer)
  const kept = optimizer ? slots[optimizer.use] : 0
  // Two earlier states, with what the optimizer keeps for them.
  const earlier = guard.nonFinite === 'rollback' ? 2 * (1 + kept) : 0
  const weights = BYTES_PER_NUMBER * parameters * (2 + kept + earlier)
  const perSample =
    BYTES_PER_NUMBER * keptNumbers(layers, inputShape).reduce((sum, { numbers }) => sum + numbers, 0)
  const samples = Math.min(training.batchSize, trainingSamples)
  return { weights, perSample, samples, total: weights + perSample * samples }
}

/** Bytes of memory that this machine has, or that the container around this process leaves it. */
export const memoryOfMachine = (): number => Math.min(totalmem(), process.constrainedMemory() || Infinity)

/**
 * Refuses a run that cannot fit into `limit` bytes, with the way out.
 * @throws Failure `training.memory.batch` where a smaller batch would do, else `training.memory.sample` or `training.memory.weights`
 */
export function checkMemory(
  experiment: Experiment,
  model: ModelSummary,
  samples: number,
  limit: number
): void {
  const need = estimateMemory(experiment, model, samples)
  if (need.total <= limit) return
  const values = { need: gigabytes(need.total), limit: gigabytes(limit) }
  const largest = (numbers: (row: Kept) => number): string =>
    keptNumbers(model.layers, model.inputShape).reduce((most, row) =>
      numbers(row) > numbers(most) ? row : most
    ).layer
  if (need.weights > limit)
    throw new Failure('training.memory.weights', { ...values, layer: largest((row) => row.parameters) })
  const fitting = Math.floor((limit - need.weights) / need.perSample)
  const layer = largest((row) => row.numbers)
  if (fitting === 0) throw new Failure('training.memory.sample', { ...values, layer })
  throw new Failure('training.memory.batch', { ...values, layer, samples: need.samples, fitting })
}

interface Kept {
  layer: string
  numbers: number
  parameters: number
}

/** What each layer keeps of one sample. */
function keptNumbers(layers: readonly LayerSummary[], inputShape: readonly number[]): Kept[] {
  let before = inputShape
  return rowsOf(layers).map(({ name, use, outputShape, parameters, layers: inside }) => {
    const recurrent = KEPT_BY_RECURRENT[use]
    const units = outputShape[outputShape.length - 1]
    let numbers = sizeOf(outputShape)
    if (WITHOUT_MEMORY.includes(use)) numbers = 0
    else if (recurrent !== undefined) numbers = before[0] * units * recurrent
    before = outputShape
    return { layer: name, numbers, parameters: inside ? 0 : parameters }
  })
}

const gigabytes = (bytes: number): number => Number((bytes / GIGABYTE).toPrecision(2))
