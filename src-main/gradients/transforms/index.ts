import type { Transform } from '#contract/vocabulary'
import type { TransformBuilder } from '../transform'
import { adaGc } from './ada-gc'
import { adaptiveClip } from './adaptive-clip'
import { autoClip } from './auto-clip'
import { centralize } from './centralize'
import { clipByGlobalNorm } from './clip-by-global-norm'
import { clipByNorm } from './clip-by-norm'
import { clipByValue } from './clip-by-value'
import { l2 } from './l2'
import { noise } from './noise'
import { zClip } from './z-clip'

/** What may stand in front of the optimizer. */
export const transforms = {
  clipByValue,
  clipByNorm,
  clipByGlobalNorm,
  adaptiveClip,
  autoClip,
  zClip,
  adaGc,
  centralize,
  noise,
  l2
} satisfies {
  [Use in Transform['use']]: TransformBuilder<Extract<Transform, { use: Use }>>
}
