import type { Fields } from '../../importer'
import { expectDefault, unfit } from '../options'
import { sizeOf } from '../tensors'
import { plain, type Translation, type Translator } from '../translation'

/** Layers that put the same values into another shape. */
export const shapes: [string, Translator][] = [
  ['Flatten', flatten],
  ['Reshape', reshape]
]

function flatten(config: Fields): Translation {
  expectDefault(config, 'data_format', 'channels_last')
  return plain('flatten')
}

/** One length may be −1: it is what the others leave. */
function reshape({ target_shape: target }: Fields, inputShape: readonly number[]): Translation {
  if (!Array.isArray(target)) throw unfit('target_shape', target)
  const known = target.filter((length) => length !== -1) as number[]
  const rest = sizeOf(inputShape) / sizeOf(known)
  return plain('reshape', { shape: target.map((length: unknown) => (length === -1 ? rest : length)) })
}
