import type { Transform } from '#contract/vocabulary'
import type { TransformBuilder } from '../transform'
import { clipByGlobalNorm } from './clip-by-global-norm'
import { clipByNorm } from './clip-by-norm'
import { clipByValue } from './clip-by-value'

/** What may stand in front of the optimizer. */
export const transforms = { clipByValue, clipByNorm, clipByGlobalNorm } satisfies {
  [Use in Transform['use']]: TransformBuilder<Extract<Transform, { use: Use }>>
}
