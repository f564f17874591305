/** A stream of uniform numbers in [0, 1). */
export type Random = () => number

/**
 * A 32-bit hash of whole numbers and names, for making one seed out of several, such as (seed, epoch).
 * Mixing as in MurmurHash3's 32-bit finalizer (Austin Appleby, public domain).
 */
export function hash(...parts: (number | string)[]): number {
  let state = 0x9e3779b9
  const mix = (value: number): void => {
    state = Math.imul(state ^ value, 0x85ebca6b)
    state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
    state ^= state >>> 16
  }
  for (const part of parts) {
    if (typeof part === 'number') mix(part | 0)
    else for (let i = 0; i < part.length; i++) mix(part.charCodeAt(i) + 1)
    mix(0x5bd1e995)
  }
  return state >>> 0
}

/** A small, fast, seeded generator: sfc32 (Chris Doty-Humphrey, PractRand), period about 2^128. */
export function randomFrom(...seed: (number | string)[]): Random {
  let a = hash(...seed, 'a')
  let b = hash(...seed, 'b')
  let c = hash(...seed, 'c')
  let counter = 1
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 4294967296
  }
  for (let i = 0; i < 12; i++) next()
  return next
}

/** Standard normal numbers from uniform ones (Box and Muller, 1958). */
export function normalFrom(uniform: Random): Random {
  let spare: number | undefined
  return () => {
    if (spare !== undefined) {
      const value = spare
      spare = undefined
      return value
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
    const angle = 2 * Math.PI * uniform()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
}

/** The numbers 0 … count−1 in a random order (Fisher and Yates). */
export function shuffledIndices(count: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index)
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const swapped = order[i]
    order[i] = order[j]
    order[j] = swapped
  }
  return order
}
