import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CHUNK_ROWS, type RowFiles } from '../../src-main/storage/row-chunks'
import { openRowWriter } from '../../src-main/storage/row-writer'
import { openRows } from '../../src-main/storage/rows'

const WIDTH = 3
let folder: string
let files: RowFiles
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rows-'))
  files = { chunks: join(folder, 'steps.bin'), tail: join(folder, 'steps.tail'), bits: [2] }
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Row n holds [n, −n, bits]. */
const rowsOf = (from: number, to: number, bits = 0): Float32Array =>
  Float32Array.from({ length: (to - from + 1) * WIDTH }, (_, i) => {
    const row = from + Math.floor(i / WIDTH)
    return [row, -row, bits][i % WIDTH]
  })

async function write(from: number, to: number, keep = from - 1): Promise<void> {
  const writer = await openRowWriter(files, WIDTH, keep)
  writer.append(rowsOf(from, to))
  writer.close()
}

async function read(from: number, to: number): Promise<Float32Array> {
  const reader = await openRows(files)
  return reader.rows(from, to).finally(() => reader.close())
}

async function lastRow(): Promise<number> {
  const reader = await openRows(files)
  await reader.close()
  return reader.last
}

test('rows come back as they were written, over several chunks and the tail', async () => {
  await write(1, 2 * CHUNK_ROWS + 100)
  expect(await read(1000, 2100)).toEqual(rowsOf(1000, 2100))
  expect(await lastRow()).toBe(2 * CHUNK_ROWS + 100)
})

test('NaN, Inf and negative zero survive', async () => {
  const writer = await openRowWriter(files, WIDTH, 0)
  const row = Float32Array.of(NaN, -Infinity, -0)
  writer.append(row)
  writer.close()
  expect(await read(1, 1)).toEqual(row)
})

test('a torn row at the end of the tail is left out', async () => {
  await write(1, 10)
  truncateSync(files.tail, statSync(files.tail).size - 5)
  expect(await lastRow()).toBe(9)
  await write(10, 12)
  expect(await read(1, 12)).toEqual(rowsOf(1, 12))
})

test('a chunk torn by a crash is left out and written anew', async () => {
  await write(1, CHUNK_ROWS)
  truncateSync(files.chunks, statSync(files.chunks).size - 1)
  expect(await lastRow()).toBe(0)
  await write(1, 5)
  expect(await read(1, 5)).toEqual(rowsOf(1, 5))
})

test('rows that a crash left both in a chunk and in the tail are counted once', async () => {
  await write(1, CHUNK_ROWS - 1)
  const writer = await openRowWriter(files, WIDTH, CHUNK_ROWS - 1)
  writer.append(rowsOf(CHUNK_ROWS, CHUNK_ROWS))
  writer.close()
  // The tail as it was before the chunk was written.
  const header = new Uint8Array(Uint32Array.of(0x31544753, WIDTH, 1).buffer)
  const rows = rowsOf(1, CHUNK_ROWS)
  writeFileSync(files.tail, header)
  appendFileSync(files.tail, new Uint8Array(rows.buffer))
  expect(await lastRow()).toBe(CHUNK_ROWS)
})

test('going on behind an earlier row cuts off what came later', async () => {
  await write(1, CHUNK_ROWS + 50)
  await write(501, 510, 500)
  expect(await lastRow()).toBe(510)
  expect(await read(495, 510)).toEqual(rowsOf(495, 510))
})

test('a window keeps a spike of one step, a NaN beside the smallest number, and joined bits', async () => {
  const writer = await openRowWriter(files, WIDTH, 0)
  const rows = rowsOf(1, 100)
  rows[50 * WIDTH] = 1e9
  rows[70 * WIDTH] = NaN
  rows[30 * WIDTH + 2] = 1
  rows[31 * WIDTH + 2] = 4
  writer.append(rows)
  writer.close()
  const reader = await openRows(files)
  const window = await reader.window(1, 100, 10)
  await reader.close()
  expect(window[7].minima[0]).toBe(72)
  expect(window.map(({ first, maxima }) => [first, maxima[0], maxima[2]])).toEqual([
    [1, 10, 0],
    [11, 20, 0],
    [21, 30, 0],
    [31, 40, 5],
    [41, 50, 0],
    [51, 1e9, 0],
    [61, 70, 0],
    [71, NaN, 0],
    [81, 90, 0],
    [91, 100, 0]
  ])
})

test('a window over many chunks agrees with the rows themselves', async () => {
  await write(1, 10 * CHUNK_ROWS + 7)
  const reader = await openRows(files)
  const window = await reader.window(1, reader.last, 4)
  await reader.close()
  const size = 3 * CHUNK_ROWS
  expect(window.map(({ first, minima, maxima }) => [first, minima[0], maxima[0]])).toEqual(
    [0, 1, 2, 3].map((i) => [1 + i * size, 1 + i * size, Math.min((i + 1) * size, reader.last)])
  )
})

test('flipped bits in a chunk are noticed', async () => {
  await write(1, CHUNK_ROWS)
  const file = openSync(files.chunks, 'r+')
  writeSync(file, Buffer.of(0xff), 0, 1, statSync(files.chunks).size - 3)
  closeSync(file)
  await expect(read(1, 3)).rejects.toThrow('damaged')
})
