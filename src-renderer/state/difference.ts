/** A place where two values differ; `from` or `to` is absent where the place is in one of them only. */
export interface Difference {
  path: string
  from?: unknown
  to?: unknown
}

/**
 * Where a JSON value differs from another one, leaf by leaf. A word that was exchanged for another one, and a layer or
 * step that was added or removed, is one difference; paths of what was removed are those of `from`.
 */
export function findDifferences(from: unknown, to: unknown, path = ''): Difference[] {
  if (isSame(from, to)) return []
  if (Array.isArray(from) && Array.isArray(to) && [...from, ...to].every(isObject))
    return compareLists(from, to, path)
  if (!isObject(from) || !isObject(to) || from.use !== to.use) return [difference(from, to, path)]
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])]
  return keys.flatMap((key) => findDifferences(from[key], to[key], join(path, key)))
}

/** Items are compared with those that they most likely were, so that one that was put in moves no other. */
function compareLists(from: unknown[], to: unknown[], path: string): Difference[] {
  const pairs = align(from, to)
  const gone = from.flatMap((item, index) =>
    pairs.some(([before]) => before === index) ? [] : [{ path: join(path, String(index)), from: item }]
  )
  const others = to.flatMap((item, index) => {
    const pair = pairs.find(([, after]) => after === index)
    const place = join(path, String(index))
    return pair ? findDifferences(from[pair[0]], item, place) : [{ path: place, to: item }]
  })
  return [...gone, ...others]
}

/**
 * Pairs of places, in order in both lists, that hold items of the same word: the longest such row, in which identical
 * items count twice (a longest common subsequence; Wagner and Fischer, 1974).
 */
function align(from: unknown[], to: unknown[]): [number, number][] {
  const score = (before: unknown, after: unknown): number =>
    isSame(before, after) ? 2 : isObject(before) && isObject(after) && before.use === after.use ? 1 : 0
  const best = Array.from({ length: from.length + 1 }, () => new Array<number>(to.length + 1).fill(0))
  for (let i = from.length - 1; i >= 0; i--)
    for (let j = to.length - 1; j >= 0; j--) {
      const both = score(from[i], to[j])
      best[i][j] = Math.max(best[i + 1][j], best[i][j + 1], both > 0 ? both + best[i + 1][j + 1] : 0)
    }
  const pairs: [number, number][] = []
  for (let i = 0, j = 0; i < from.length && j < to.length;) {
    const both = score(from[i], to[j])
    if (both > 0 && best[i][j] === both + best[i + 1][j + 1]) pairs.push([i++, j++])
    else if (best[i][j] === best[i + 1][j]) i++
    else j++
  }
  return pairs
}

const difference = (from: unknown, to: unknown, path: string): Difference => ({
  path,
  ...(from !== undefined && { from }),
  ...(to !== undefined && { to })
})

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((each, index) => isSame(each, b[index]))
  if (!isObject(a) || !isObject(b)) return false
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])]
  return keys.every((key) => isSame(a[key], b[key]))
}
