import { isMessageKey, say, type Language, type Message } from '#contract/messages'

/**
 * One line of JSON for programs. Messages are put into words; typed arrays become lists; numbers that are not finite
 * become null, and their paths are listed under `nonFinite`.
 */
export function jsonLine(language: Language, type: string, value: object): string {
  const nonFinite: string[] = []
  const plain = (at: unknown, path: string): unknown => {
    if (typeof at === 'number' && !Number.isFinite(at)) {
      nonFinite.push(path)
      return null
    }
    if (typeof at !== 'object' || at === null) return at
    if (isMessage(at)) return say(language, at.key, at.values)
    const inside = (key: string | number): string => (path === '' ? String(key) : `${path}.${key}`)
    if (Array.isArray(at)) return at.map((entry: unknown, index) => plain(entry, inside(index)))
    if (at instanceof Float32Array)
      return Array.from(at, (entry, index) => plain(shortest(entry), inside(index)))
    return Object.fromEntries(Object.entries(at).map(([key, entry]) => [key, plain(entry, inside(key))]))
  }
  const line = { type, ...(plain(value, '') as object) }
  return JSON.stringify(nonFinite.length > 0 ? { ...line, nonFinite } : line)
}

/** The number with the fewest digits that is the same in 32 bits: 0.1 instead of 0.10000000149011612. */
export function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits))
    if (Math.fround(shorter) === value) return shorter
  }
  return value
}

function isMessage(value: object): value is Message {
  const { key, values, ...rest } = value as Partial<Message>
  return (
    typeof key === 'string' &&
    isMessageKey(key) &&
    (values === undefined || typeof values === 'object') &&
    Object.keys(rest).length === 0
  )
}
