import { z } from 'zod'

/** Why the guard refused a step. */
export const refusalReason = z.enum([
  'nonFiniteGradient',
  'nonFiniteWeight',
  'nonFiniteUpdate',
  'nonFiniteLoss',
  'overflow',
  'updateRatio'
])

/** The samples of a step: `count` ones from `offset` on, in the order of the pass number `epoch`, all from 0. */
export const batchPlace = z.object({
  epoch: z.number().int(),
  offset: z.number().int(),
  count: z.number().int()
})
export type BatchPlace = z.infer<typeof batchPlace>

/** A step that was refused: where it arose, and on which samples. */
export const refusedStep = z.object({
  step: z.number().int(),
  layer: z.string(),
  tensor: z.string(),
  reason: refusalReason,
  batch: batchPlace
})
export type RefusedStep = z.infer<typeof refusedStep>
