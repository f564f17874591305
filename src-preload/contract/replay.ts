import { z } from 'zod'
import { float32Array } from './arrays'
import { activeEngine } from './engine'
import { isSpike } from './health'
import { measured } from './measured'
import type { Message } from './messages'
import type { RunEvent } from './run'

/** Steps of a run, from 1. */
export const stepRange = z.object({ from: z.number().int(), to: z.number().int() })
export type StepRange = z.infer<typeof stepRange>

/** Steps that are looked at where nobody says which. */
export const REPLAYED_STEPS = 50
/** Steps that can be looked at together. */
export const MOST_REPLAYED_STEPS = 1_000

/** Why the samples of a step were looked at one by one. */
export const examineReasons = ['refused', 'spike', 'largestGradient'] as const

/** One sample of a batch, alone. */
export const examinedSample = z.object({
  /** Position in the source's part, and in the part that the run is trained on; both from 0. */
  sample: z.number().int(),
  position: z.number().int(),
  /** Class number, or the numbers in raw units: what it should be and what the model answers, with dropout off. */
  target: z.array(measured),
  output: z.array(measured),
  /** Its loss, with dropout off and without class weights. */
  loss: measured,
  /** Norm of its gradient, weighted as in the batch: the gradient of the batch is the mean of these. Absent if too dear. */
  gradient: measured.optional()
})
export type ExaminedSample = z.infer<typeof examinedSample>

/** The batch of a step with its samples, those first that did most. */
export const examinedStep = z.object({
  step: z.number().int(),
  reason: z.enum(examineReasons),
  /** Samples in the batch. */
  count: z.number().int(),
  /** What the samples are ranked by. */
  rankedBy: z.enum(['gradient', 'loss']),
  /** Median of that over the samples where it is known. */
  usual: measured,
  samples: z.array(examinedSample)
})
export type ExaminedStep = z.infer<typeof examinedStep>

/** Says whether nothing tells the samples of a step apart, because none of them is within numbers. */
export const isAllBroken = ({ rankedBy, samples }: ExaminedStep): boolean =>
  samples.every((sample) => !Number.isFinite(sample[rankedBy]))

/** Steps of a run that were run again. */
export const replay = z.object({
  ...stepRange.shape,
  /** The state that it went on from: after which step, and what it was kept as. */
  start: z.object({ step: z.number().int(), kind: z.enum(['initial', 'checkpoint', 'good']) }),
  /** What computed now, and what did the first time. */
  engine: activeEngine,
  engineBefore: activeEngine,
  /** Steps that were compared with what is stored of them, bit for bit: all from the start to the last. */
  compared: z.number().int(),
  /** Stored states that the weights and everything else were compared with. */
  states: z.array(z.object({ step: z.number().int(), same: z.boolean() })),
  /** Says whether everything that was compared is the same. */
  same: z.boolean(),
  /** First step that is not. */
  firstDifferent: z.number().int().optional(),
  /** Trainable layers in the order of the columns of `rows`, and measured ones in that of `measures`. */
  layers: z.array(z.string()),
  measured: z.array(z.string()),
  /** A row for each step, as `contract/step-rows` lays it out. */
  width: z.number().int(),
  rows: float32Array,
  /** The same for what was measured of the layers, as `contract/measures` lays it out, without histograms. */
  measuredWidth: z.number().int(),
  measures: float32Array,
  /** Part of the source that the samples are from. */
  part: z.enum(['train', 'test']),
  classes: z.array(z.string()).optional(),
  examined: z.array(examinedStep)
})
export type Replay = z.infer<typeof replay>

/** Step at which a run broke: where its guard stopped it, else where it spiked last; undefined where it did neither. */
export const brokenStepOf = (events: readonly RunEvent[]): number | undefined =>
  (
    events.findLast((event) => event.type === 'guard' && event.action === 'stop') ??
    events.findLast((event) => event.type === 'finding' && isSpike(event.finding))
  )?.step

/** Says whether it was the same as the first time, and why it may not have been. */
export function describeSame(told: Replay): Message {
  const { compared, states, firstDifferent, engine, engineBefore } = told
  if (firstDifferent === undefined)
    return states.length === 0
      ? { key: 'replay.same', values: { compared } }
      : {
          key: 'replay.same.states',
          values: { compared, states: states.map(({ step }) => step).join(', ') }
        }
  const [before, now] = [engineBefore, engine].map(({ name, library }) => `${name} (${library})`)
  return before === now
    ? { key: 'replay.different', values: { step: firstDifferent, compared } }
    : { key: 'replay.different.engine', values: { step: firstDifferent, before, now } }
}
