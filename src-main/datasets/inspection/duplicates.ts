import { bytesOf } from '../files'
import type { FeatureValues, Samples } from '../reader'

/** Positions, in order, of samples that repeat an earlier one. */
export interface Duplicates {
  train: number[]
  test: number[]
  /** Positions in the test part of samples that are in the training part too. */
  across: number[]
}

interface Place {
  words: Uint32Array | Uint8Array
  index: number
}

/** Positions of the samples to look at, for each part; all of them where none are given. */
interface Chosen {
  train: Iterable<number>
  test: Iterable<number>
}

/**
 * Finds samples that are equal to the last byte; hashes only bring candidates together. A part that is looked at in
 * another order than its own has the first of that order as the earlier one.
 */
export function findDuplicates(
  size: number,
  train: Samples,
  test: Samples | undefined,
  chosen?: Chosen
): Duplicates {
  const seen = new Map<number, Place[]>()
  const look = (
    part: Samples,
    indices: Iterable<number> = Array(part.count).keys()
  ): { within: number[]; across: number[] } => {
    const { words, length } = wordsOf(part.features, size)
    const found = { within: [] as number[], across: [] as number[] }
    for (const index of indices) {
      const hash = hashOf(words, index * length, length)
      const candidates = seen.get(hash)
      const same = candidates?.filter((place) => isEqual(place, words, index, length)) ?? []
      if (same.some((place) => place.words !== words)) found.across.push(index)
      if (same.some((place) => place.words === words)) found.within.push(index)
      else if (candidates) candidates.push({ words, index })
      else seen.set(hash, [{ words, index }])
    }
    return found
  }
  const first = look(train, chosen?.train)
  const second = test && look(test, chosen?.test)
  return { train: first.within, test: second?.within ?? [], across: second?.across ?? [] }
}

/** Four bytes at once where the size of a sample allows it. */
function wordsOf(features: FeatureValues, size: number): { words: Uint32Array | Uint8Array; length: number } {
  const bytes = size * features.BYTES_PER_ELEMENT
  return bytes % 4 === 0
    ? {
        words: new Uint32Array(features.buffer, features.byteOffset, features.byteLength / 4),
        length: bytes / 4
      }
    : { words: bytesOf(features), length: bytes }
}

/** A step of FNV-1a (Fowler, Noll and Vo) for each word, with a rotation that lets high bits reach low ones. */
function hashOf(words: Uint32Array | Uint8Array, from: number, length: number): number {
  let hash = 0x811c9dc5
  for (let i = from; i < from + length; i++) {
    hash = Math.imul(hash ^ words[i], 0x01000193)
    hash = (hash << 13) | (hash >>> 19)
  }
  return hash
}

function isEqual(place: Place, words: Uint32Array | Uint8Array, index: number, length: number): boolean {
  const a = place.index * length
  const b = index * length
  for (let i = 0; i < length; i++) if (place.words[a + i] !== words[b + i]) return false
  return true
}
