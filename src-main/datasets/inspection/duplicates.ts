import { bytesOf } from '../files'
import type { FeatureValues, Samples } from '../reader'

/** Positions, in order, of samples that repeat an earlier one. */
export interface Duplicates {
  train: number[]
  test: number[]
  /** Positions in the test part of samples that are in the training part too. */
  across: number[]
  /** For each of the positions above, that of the sample which it repeats; of `across` in the training part. */
  firsts: { train: number[]; test: number[]; across: number[] }
}

/** Positions of the samples to look at, for each part; all of them where none are given. */
interface Chosen {
  train: Iterable<number>
  test: Iterable<number>
}

/**
 * Finds samples that are equal to the last byte; hashes only bring candidates together. A part that is looked at in
 * another order than its own has the first of that order as the earlier one. Takes 16 bytes of memory for each sample
 * at most: parts with tens of millions of rows have no room for objects.
 */
export function findDuplicates(
  size: number,
  train: Samples,
  test: Samples | undefined,
  chosen?: Chosen
): Duplicates {
  const found: Duplicates = { train: [], test: [], across: [], firsts: { train: [], test: [], across: [] } }
  const total = train.count + (test?.count ?? 0)
  // Open addressing: numbers of samples, those of the test part behind those of the training part.
  const slots = new Int32Array(2 ** (Math.ceil(Math.log2(total + 1)) + 1)).fill(-1)
  const first = wordsOf(train.features, size)
  const second = test && wordsOf(test.features, size)

  const look = (part: 'train' | 'test', indices: Iterable<number>, own: Words): void => {
    const before = part === 'train' ? 0 : train.count
    for (const index of indices) {
      let slot = hashOf(own, index) & (slots.length - 1)
      let within = -1
      let across = -1
      for (; slots[slot] >= 0; slot = (slot + 1) & (slots.length - 1)) {
        const other = slots[slot]
        const isOwn = other >= before
        if (isOwn ? within >= 0 : across >= 0) continue
        const place = isOwn ? other - before : other
        if (!isEqual(isOwn ? own : first, place, own, index)) continue
        if (isOwn) within = place
        else across = place
      }
      if (across >= 0) {
        found.across.push(index)
        found.firsts.across.push(across)
      }
      if (within >= 0) {
        found[part].push(index)
        found.firsts[part].push(within)
      } else slots[slot] = before + index
    }
  }
  look('train', chosen?.train ?? Array(train.count).keys(), first)
  if (test && second) look('test', chosen?.test ?? Array(test.count).keys(), second)
  return found
}

/** The values of a part, `length` words for each sample. */
interface Words {
  words: Uint32Array | Uint8Array
  length: number
}

/** Four bytes at once where the size of a sample allows it. */
function wordsOf(features: FeatureValues, size: number): Words {
  const bytes = size * features.BYTES_PER_ELEMENT
  return bytes % 4 === 0
    ? {
        words: new Uint32Array(features.buffer, features.byteOffset, features.byteLength / 4),
        length: bytes / 4
      }
    : { words: bytesOf(features), length: bytes }
}

/**
 * A step of FNV-1a (Fowler, Noll and Vo) for each word, with a rotation that lets high bits reach low ones. In the end
 * all bits are mixed as MurmurHash3 does (Austin Appleby): small whole numbers differ in few bits of their floats, and
 * neighbours in the table would make every search long.
 */
function hashOf({ words, length }: Words, index: number): number {
  let hash = 0x811c9dc5
  for (let i = index * length; i < (index + 1) * length; i++) {
    hash = Math.imul(hash ^ words[i], 0x01000193)
    hash = (hash << 13) | (hash >>> 19)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

function isEqual(left: Words, leftIndex: number, right: Words, rightIndex: number): boolean {
  const a = leftIndex * left.length
  const b = rightIndex * right.length
  for (let i = 0; i < left.length; i++) if (left.words[a + i] !== right.words[b + i]) return false
  return true
}
