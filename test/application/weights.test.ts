import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWeights, type WeightStore } from '../../src-main/application/weights'
import { readSafetensors } from '../../src-main/storage/safetensors'

let library: string
let weights: WeightStore
beforeEach(() => {
  library = mkdtempSync(join(tmpdir(), 'weights-'))
  weights = openWeights(library)
})
afterEach(() => rmSync(library, { recursive: true }))

const tensors = [{ name: 'dense_1/kernel', shape: [1, 2], values: Float32Array.of(1, 2) }]
const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')

test('tensors are kept in a file under the hash of its content', async () => {
  const hash = await weights.keep(tensors)
  expect(weights.pathOf(hash)).toBe(join(library, 'weights', `${hash}.safetensors`))
  expect(sha256(weights.pathOf(hash))).toBe(hash)
  expect((await readSafetensors(weights.pathOf(hash))).tensors).toEqual(tensors)
})

test('the bytes of a file are kept as they are, under the same name as its tensors', async () => {
  const hash = await weights.keep(tensors)
  const bytes = readFileSync(weights.pathOf(hash))
  expect(await weights.keep(new Uint8Array(bytes))).toBe(hash)
  expect(readFileSync(weights.pathOf(hash))).toEqual(bytes)
})

test('what is kept again is mended where it was damaged', async () => {
  const hash = await weights.keep(tensors)
  writeFileSync(weights.pathOf(hash), 'damaged')
  await weights.keep(tensors)
  expect(sha256(weights.pathOf(hash))).toBe(hash)
})
