import type { BatchPlace } from '#contract/refusal'
import { judgeStep, type Refusal } from '../gradients/guard'
import { evidenceIn, isAccepted, scoresIn, type StepFacts } from './measurements'
import { timed } from './report'
import type { Session } from './session'
import type { BatchArrays } from './step'
import { clockAt, scalarsAt, seedAt } from './step-inputs'

/** What an attempt at a step works on. */
export type Attempting = Pick<
  Session,
  'position' | 'current' | 'parts' | 'feeder' | 'chain' | 'model' | 'programs'
>

/** What is done with the batch of a step that comes, and the numbers that it is fed with besides. */
export type Before<Seen> = (batch: BatchArrays, scalars: Record<string, number>) => Seen | Promise<Seen>

/** An attempt at a step that is over. */
export interface Attempt<Seen> {
  /** What was seen before it. */
  seen: Seen
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
export async function attempt<Seen>(run: Attempting, before: Before<Seen>): Promise<Attempt<Seen>> {
  const { position, current, parts, chain, model, programs } = run
  const { batchSize } = current.training
  const { step, epoch, offset } = position
  const samples = parts.train.count
  const next = await run.feeder.next({ epoch, offset, size: batchSize, step })

  // Forward, loss, gradients, chain, guard, update.
  const clock = clockAt(position, samples, batchSize)
  const scalars = scalarsAt(run, current, clock)
  const batch = { ...next, seed: seedAt(current, step) }
  const seen = await before(batch, scalars)
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
  return { seen, packed, ...(refusal && { refusal }), facts, place: { epoch, offset, count }, milliseconds }
}
