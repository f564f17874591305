import type { BatchPlace } from '#contract/run'
import { judgeStep, type Refusal } from '../gradients/guard'
import { evidenceIn, isAccepted, scoresIn, type StepFacts } from './measurements'
import { stepsPerEpoch } from './position'
import { timed } from './report'
import type { Session } from './session'
import type { BatchArrays } from './step'

/** What an attempt at a step works on. */
export type Attempting = Pick<
  Session,
  'position' | 'current' | 'parts' | 'feeder' | 'chain' | 'model' | 'programs'
>

/** An attempt at a step that is over. */
export interface Attempt {
  /** Result of the step as `measurements` reads it. */
  packed: Float32Array
  /** Why nothing was changed; absent where the step was written. */
  refusal?: Refusal
  facts: StepFacts
  /** The samples that it saw. */
  place: BatchPlace
  milliseconds: number
}

/**
 * The next step of a run: takes the next samples in the order of the epoch, trains on them, and moves the position. The
 * same state and position give the same bits. `before` is shown the batch while the weights are still those before it.
 */
export async function attempt(
  run: Attempting,
  before: (batch: BatchArrays, scalars: Record<string, number>) => void | Promise<void>
): Promise<Attempt> {
  const { position, current, parts, chain, model, programs } = run
  const { batchSize } = current.training
  const { step, epoch, offset } = position
  const samples = parts.train.count
  const next = await run.feeder.next({ epoch, offset, size: batchSize, step })

  // Forward, loss, gradients, chain, guard, update.
  const clock = {
    step,
    updates: position.updates,
    epoch: epoch + offset / samples,
    stepsPerEpoch: stepsPerEpoch(samples, batchSize),
    rateFactor: position.rateFactor
  }
  const scalars = {
    ...chain.scalars(clock, current.gradients),
    ...model.scalars(current.model.layers)
  }
  const batch = { ...next, seed: [current.seed | 0, step] as const }
  await before(batch, scalars)
  const { result: packed, milliseconds } = timed(position, () => programs.train(batch, scalars))

  // What happened.
  const { count } = batch
  position.step++
  position.offset += count
  const refusal = isAccepted(packed)
    ? undefined
    : judgeStep(evidenceIn(packed, model.parameters.length), model.parameters, current.guard.maxUpdateRatio)
  if (!refusal) {
    const { loss, accuracy, mae } = scoresIn(packed)
    position.updates++
    position.refusedInARow = 0
    position.running.loss += loss * count
    position.running.right += accuracy * count
    position.running.error += mae * count
    position.running.samples += count
  }
  const facts = {
    epoch: position.epoch + position.offset / samples,
    rate: chain.rate(clock, current.gradients),
    refused: refusal !== undefined
  }
  return { packed, ...(refusal && { refusal }), facts, place: { epoch, offset, count }, milliseconds }
}
