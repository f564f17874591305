import { expect, test } from 'vitest'
import { decodeSafetensors, encodeSafetensors } from '../../src-main/storage/safetensors'

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
