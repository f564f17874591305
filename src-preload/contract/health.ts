import { z } from 'zod'
import { measured } from './measured'
import { message } from './message-schema'

/** Every kind of finding: causes stand before their symptoms. */
export const findingKinds = [
  'lossOutputMismatch',
  'wrongSign',
  'symmetricWeights',
  'unscaledInput',
  'unscaledTarget',
  'badInitialLoss',
  'learningRateTooHigh',
  'learningRateTooLow',
  'explodingGradient',
  'vanishingGradient',
  'deadUnits',
  'saturation',
  'lossSpike',
  'divergence',
  'oscillation',
  'plateau',
  'overfitting',
  'updateTooLarge',
  'nonFinite'
] as const
export const findingKind = z.enum(findingKinds)
export type FindingKind = z.infer<typeof findingKind>

export const severities = ['info', 'warning', 'error', 'critical'] as const
export const severity = z.enum(severities)
export type Severity = z.infer<typeof severity>
/** Says whether a finding is an alarm: what is merely worth knowing is none. */
export const isAlarm = (of: Severity): boolean => of !== 'info'

/** What lies behind a finding, as far as the numbers tell. */
export const causes = [
  'initialization',
  'activation',
  'depth',
  'learningRate',
  'dataScale',
  'lossOutput',
  'recurrence',
  'badBatch',
  'sign',
  'tooLittleData'
] as const
export const cause = z.enum(causes)
export type Cause = z.infer<typeof cause>

/** Something that was noticed about a run: what, where, when, how bad, the numbers that show it, and what would help. */
export const finding = z.object({
  kind: findingKind,
  /** Name of the layer; absent where the whole model is meant. */
  layer: z.string().optional(),
  step: z.number().int(),
  severity,
  cause,
  /** Numbers that show it, by name. */
  evidence: z.record(z.string(), measured),
  message,
  /** What would help. */
  advice: message
})
export type Finding = z.infer<typeof finding>

const spikes: readonly FindingKind[] = ['lossSpike', 'explodingGradient']
/** Says whether a finding tells of a step that broke out while the run went on. */
export const isSpike = ({ kind, step }: Pick<Finding, 'kind' | 'step'>): boolean =>
  step > 0 && spikes.includes(kind)

/** What is known of the data as the model takes it, from some of its training samples. */
export const dataFacts = z.object({
  /** Classes that are told apart; absent where targets are numbers. */
  classes: z.number().int().optional(),
  /** Root mean square of the features. */
  featureScale: z.number(),
  /** Root mean square and variance of numeric targets. */
  targetScale: z.number().optional(),
  targetVariance: z.number().optional()
})
export type DataFacts = z.infer<typeof dataFacts>
