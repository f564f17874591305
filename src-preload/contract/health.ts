import { z } from 'zod'
import { message } from './message-schema'

/** Every kind of finding that can be made today. */
export const findingKind = z.enum(['nonFinite', 'explodingGradient'])
export type FindingKind = z.infer<typeof findingKind>

export const severity = z.enum(['info', 'warning', 'error', 'critical'])
export type Severity = z.infer<typeof severity>

/** Something that was noticed about a run: where, when, how bad, why, and the sentence that says it. */
export const finding = z.object({
  kind: findingKind,
  /** Name of the layer; absent where the whole model is meant. */
  layer: z.string().optional(),
  step: z.number().int(),
  severity,
  cause: z.string(),
  message
})
export type Finding = z.infer<typeof finding>
