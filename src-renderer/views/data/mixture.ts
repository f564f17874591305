import { className } from './class-name'

/** Shares below this are not named. */
const LEAST_SHARE = 0.005

/**
 * What a sample counts as while training: its class or its numbers; where samples are mixed the classes with their
 * shares, the largest first.
 */
export function describeTarget(target: ArrayLike<number>, classes: readonly string[] | undefined): string {
  const values = Array.from(target)
  if (!classes) return values.map((value) => className(undefined, value)).join(', ')
  if (values.length === 1) return className(classes, values[0])
  return values
    .map((share, index) => ({ share, name: className(classes, index) }))
    .filter(({ share }) => share >= LEAST_SHARE)
    .sort((a, b) => b.share - a.share)
    .map(({ share, name }) => (share > 1 - LEAST_SHARE ? name : `${Math.round(share * 100)}% ${name}`))
    .join(' + ')
}
