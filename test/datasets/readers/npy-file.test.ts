import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { decodeNpy, readNpy } from '../../../src-main/datasets/readers/npy-file'
import { temporaryFolder } from '../../fixtures/folder'
import { npyBytes, npyOfBytes } from '../../fixtures/npy'

/** An array as NumPy wrote it; numbers that JSON does not have are texts. */
interface ArrayCase {
  name: string
  file: string
  shape: number[]
  values: (number | string)[]
}
const { arrays } = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'oracles', 'files.json'), 'utf8')
) as { arrays: ArrayCase[] }

async function read(bytes: Uint8Array) {
  const path = join(await temporaryFolder(), 'array.npy')
  await writeFile(path, bytes)
  return readNpy(path)
}

test.each(arrays)('$name is read as NumPy reads it', async ({ file, shape, values }) => {
  const { texts, ...found } = await read(Buffer.from(file, 'base64'))
  const expected = values.map((value) => (texts ? value : Number(String(value).replace('inf', 'Infinity'))))
  expect({
    shape: found.shape,
    values: Array.from(found.values, (value) => (texts ? texts[value] : value))
  }).toEqual({
    shape,
    values: expected
  })
})

test('bytes stay bytes, and 64-bit numbers are known to be whole', async () => {
  const whole = arrays.filter(({ name }) => ['u1', 'bool', '<i8', '<f8'].includes(name))
  const found = await Promise.all(whole.map(({ file }) => read(Buffer.from(file, 'base64'))))
  expect(found.map(({ values, whole }) => [values.constructor.name, whole])).toEqual([
    ['Uint8Array', undefined],
    ['Float64Array', true],
    ['Float64Array', undefined],
    ['Uint8Array', undefined]
  ])
})

test('the longer headers of versions 2 and 3 are read, and bytes that begin anywhere in memory', () => {
  const values = new Uint8Array(Float64Array.of(0.5, -2).buffer)
  const file = npyBytes('<f8', [2], values, { version: 2 })
  const shifted = new Uint8Array(file.length + 1)
  shifted.set(file, 1)
  expect([...decodeNpy('x', shifted.subarray(1)).values]).toEqual([0.5, -2])
})

test('an array without values is read', async () => {
  expect(await read(npyBytes('<f4', [0, 3], new Uint8Array(), { fortran: true }))).toMatchObject({
    shape: [0, 3],
    values: new Float32Array()
  })
})

describe('a file that cannot be used is refused with what is wrong', () => {
  const whole = npyOfBytes([2, 2], [1, 2, 3, 4])
  const claim = (descr: string, shape: number[]): Buffer => npyBytes(descr, shape, new Uint8Array(4))
  test.each([
    ['another kind', Buffer.from('PK\x03\x04 and so on'), 'data.npy.notNpy', { found: '504b030420616e64' }],
    ['nothing', Buffer.alloc(0), 'data.npy.notNpy', { found: '' }],
    ['a version of the future', Buffer.from(whole).fill(9, 6, 7), 'data.npy.notNpy', {}],
    ['cut off', whole.subarray(0, -1), 'data.tooShort', { missing: 1 }],
    ['more than it claims', Buffer.concat([whole, Buffer.alloc(3)]), 'data.tooLong', { surplus: 3 }],
    ['a header that is cut off', whole.subarray(0, 30), 'data.npy.badHeader', {}],
    ['objects', claim('|O', [1]), 'data.npy.objects', {}],
    ['dates', claim('<M8', [1]), 'data.npy.type', { type: 'M8' }],
    ['complex numbers', claim('<c8', [1]), 'data.npy.type', { type: 'c8' }],
    ['a single value', claim('<f4', []), 'data.npy.single', {}],
    ['more than can be opened', claim('<f4', [2 ** 31, 2 ** 31]), 'data.tooLarge', { limit: 2 }],
    ['too many dimensions', claim('|u1', [1, 1, 1, 1, 1, 1, 1, 1, 4]), 'data.tooManyDimensions', { found: 9 }]
  ])('%s', async (_, bytes, key, values) => {
    await expect(read(bytes)).rejects.toMatchObject({ key, values })
  })

  test('a header of fields', async () => {
    const file = Buffer.from(whole)
    file.write("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }  ", 10, 'latin1')
    await expect(read(file)).rejects.toMatchObject({ key: 'data.npy.badHeader' })
  })
})
