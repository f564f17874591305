import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { randomFrom } from '#contract/random'
import { decodeSafetensors, encodeSafetensors, writeSafetensors } from '../../src-main/storage/safetensors'

const encode = (header: unknown, data = new Uint8Array(8)): Buffer => {
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.byteLength))
  return Buffer.concat([length, text, data])
}

test('tensors and texts come back as they were', () => {
  const tensors = [
    { name: 'a/kernel', shape: [2, 1], values: Float32Array.of(1, NaN) },
    { name: 'a/bias', shape: [1], values: Float32Array.of(-3) }
  ]
  const bytes = Buffer.from(encodeSafetensors(tensors, { format: 'steadygrad' }))
  const { tensors: found, metadata } = decodeSafetensors(bytes, 'file')
  expect({ found, format: metadata.format }).toEqual({ found: tensors, format: 'steadygrad' })
})

test.each([
  ['no header', Buffer.from('short')],
  ['a header longer than the file', encode({}).subarray(0, 9)],
  ['an entry that is none', encode({ a: null })],
  ['an entry without places', encode({ a: { dtype: 'F32', shape: [2] } })],
  ['values of another type', encode({ a: { dtype: 'F16', shape: [4], data_offsets: [0, 8] } })],
  ['values beyond the end', encode({ a: { dtype: 'F32', shape: [3], data_offsets: [0, 12] } })],
  ['a shape that does not fit', encode({ a: { dtype: 'F32', shape: [3], data_offsets: [0, 8] } })]
])('%s is damaged', (_, bytes) => {
  expect(() => decodeSafetensors(bytes, 'file')).toThrow(
    expect.objectContaining({ key: 'storage.damaged' }) as Error
  )
})

test('a file written piece by piece has the bytes of one written at once, whatever the pieces', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pieces-'))
  const random = randomFrom('pieces')
  // Blocks hold 4 MB: tensors smaller than one, larger than one, and empty.
  const tensors = [1, 700_000, 0, 2_500_000, 3].map((size, index) => ({
    name: `layer_${index}/kernel`,
    shape: [size],
    values: Float32Array.from({ length: size }, random)
  }))
  function* cut(values: Float32Array): Generator<Float32Array> {
    for (let at = 0; at < values.length;) {
      const next = at + 1 + Math.floor(random() * 1_200_000)
      yield values.subarray(at, next)
      at = next
    }
  }
  const streamed = tensors.map(({ values, ...rest }) => ({ ...rest, pieces: () => cut(values) }))
  const path = join(folder, 'a.safetensors')
  try {
    await writeSafetensors(path, streamed, { format: 'steadygrad' })
    const expected = Buffer.from(encodeSafetensors(tensors, { format: 'steadygrad' }))
    expect(readFileSync(path).equals(expected)).toBe(true)
    const failing = {
      name: 'b',
      shape: [1],
      pieces: () => {
        throw new Error('gone')
      }
    }
    await expect(writeSafetensors(path, [failing], {})).rejects.toThrow('gone')
    expect([readdirSync(folder), readFileSync(path).equals(expected)]).toEqual([['a.safetensors'], true])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
