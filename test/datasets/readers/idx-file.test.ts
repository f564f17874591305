import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readIdx } from '../../../src-main/datasets/readers/idx-file'
import { temporaryFolder } from '../../fixtures/folder'
import { idxBytes } from '../../fixtures/idx'

/** What reading a file with these bytes ends with. */
async function read(bytes: Uint8Array) {
  const path = join(await temporaryFolder(), 'file')
  await writeFile(path, bytes)
  return readIdx(path).then(
    ({ type, shape, values }) => ({ type, shape, values: Array.from(values) }),
    (error: { key?: string; values?: Record<string, unknown> }) => {
      const { path: named, ...values } = error.values ?? {}
      if (named !== path) throw error
      return { key: error.key, values }
    }
  )
}

describe('values', () => {
  const bigEndian = (count: number, size: number, write: (buffer: Buffer) => void): Buffer => {
    const buffer = Buffer.alloc(count * size)
    write(buffer)
    return buffer
  }
  test.each([
    ['uint8', 0x08, Buffer.from([0, 255]), [0, 255]],
    ['int8', 0x09, Buffer.from([1, 0xff]), [1, -1]],
    ['int16', 0x0b, bigEndian(2, 2, (b) => (b.writeInt16BE(258), b.writeInt16BE(-2, 2))), [258, -2]],
    ['int32', 0x0c, bigEndian(2, 4, (b) => (b.writeInt32BE(70000), b.writeInt32BE(-3, 4))), [70000, -3]],
    ['float32', 0x0d, bigEndian(2, 4, (b) => (b.writeFloatBE(0.5), b.writeFloatBE(-2, 4))), [0.5, -2]],
    ['float64', 0x0e, bigEndian(2, 8, (b) => (b.writeDoubleBE(0.1), b.writeDoubleBE(-2, 8))), [0.1, -2]]
  ])('%s values are read in big-endian order', async (type, code, bytes, values) => {
    expect(await read(idxBytes([2], bytes, code))).toEqual({ type, shape: [2], values })
  })

  test('a gzipped file reads as the plain one, known by its first bytes and not by its name', async () => {
    const plain = idxBytes([3, 1, 2], [1, 2, 3, 4, 5, 6])
    expect(await read(gzipSync(plain))).toEqual(await read(plain))
  })

  test('a gzipped file longer than one piece of inflating is read whole', async () => {
    const values = Uint8Array.from({ length: 1_000_003 }, (_, i) => (i * i) >> 3)
    expect(await read(gzipSync(idxBytes([1_000_003], values)))).toEqual({
      type: 'uint8',
      shape: [1_000_003],
      values: Array.from(values)
    })
  })
})

describe('a damaged file is refused with what is wrong', () => {
  const whole = idxBytes([4, 2, 2], new Array<number>(16).fill(1))

  test('cut off', async () => {
    expect(await read(whole.subarray(0, -5))).toEqual({
      key: 'data.tooShort',
      values: { missing: 5, expected: 32, found: 27 }
    })
  })
  test('cut off inside its header', async () => {
    expect(await read(whole.subarray(0, 10))).toEqual({
      key: 'data.tooShort',
      values: { missing: 6, expected: 16, found: 10 }
    })
  })
  test('empty', async () => {
    expect(await read(new Uint8Array())).toEqual({ key: 'data.noHeader', values: { found: 0 } })
  })
  test('with bytes behind its end', async () => {
    expect(await read(Buffer.concat([whole, Buffer.from([9, 9])]))).toEqual({
      key: 'data.tooLong',
      values: { surplus: 2, expected: 32, found: 34 }
    })
  })
  test('with another magic number', async () => {
    expect(await read(Buffer.from('PK\x03\x04 and more'))).toEqual({
      key: 'data.notIdx',
      values: { found: '50 4b 03 04' }
    })
  })
  test('with an unknown type of values', async () => {
    expect(await read(idxBytes([1], [1], 0x0a))).toEqual({
      key: 'data.notIdx',
      values: { found: '00 00 0a 01' }
    })
  })
  test('with too many dimensions', async () => {
    const shape = new Array<number>(9).fill(1)
    expect(await read(idxBytes(shape, [1]))).toEqual({
      key: 'data.tooManyDimensions',
      values: { found: 9, limit: 8 }
    })
  })
  test('with a product of sizes beyond what a number holds', async () => {
    const shape = new Array<number>(8).fill(0xffffffff)
    expect(await read(idxBytes(shape, [1]))).toEqual({
      key: 'data.tooLarge',
      values: { shape: shape.join(' × '), limit: 2 }
    })
  })
  test('claiming a gibibyte that is not there', async () => {
    expect(await read(idxBytes([2 ** 30], [1]))).toMatchObject({ key: 'data.tooShort' })
  })

  test('gzipped, and cut off', async () => {
    expect(await read(gzipSync(whole).subarray(0, -12))).toMatchObject({ key: 'data.notGzip' })
  })
  test('gzipped, holding fewer values than claimed', async () => {
    expect(await read(gzipSync(whole.subarray(0, -5)))).toEqual({
      key: 'data.tooShort',
      values: { missing: 5, expected: 32, found: 27 }
    })
  })
  test('gzipped, ending inside its header', async () => {
    expect(await read(gzipSync(whole.subarray(0, 6)))).toEqual({
      key: 'data.tooShort',
      values: { missing: 10, expected: 16, found: 6 }
    })
  })
  test('gzipped, claiming more than gzip can hold', async () => {
    const bytes = gzipSync(idxBytes([2 ** 30], [1]))
    expect(await read(bytes)).toEqual({
      key: 'data.claimsTooMuch',
      values: { expected: 2 ** 30 + 8, found: bytes.length }
    })
  })
  test('a gzip bomb: a few values claimed, 64 MiB inside', async () => {
    const bomb = gzipSync(Buffer.concat([idxBytes([10], []), Buffer.alloc(64 * 2 ** 20)]))
    expect(await read(bomb)).toEqual({ key: 'data.inflatesTooFar', values: { expected: 18 } })
  })
})

test('a missing file and a folder are named', async () => {
  const folder = await temporaryFolder()
  await expect(readIdx(join(folder, 'none'))).rejects.toMatchObject({
    key: 'storage.notFound',
    values: { path: join(folder, 'none') }
  })
  await expect(readIdx(folder)).rejects.toMatchObject({ key: 'data.notAFile', values: { path: folder } })
})
