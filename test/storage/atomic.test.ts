import { fork } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLineWriter, readLines } from '../../src-main/storage/append'
import { readJson, sweep, writeAtomically, writeFolderAtomically } from '../../src-main/storage/atomic'
import { lock, lockHolder } from '../../src-main/storage/lock'
import { encodeSafetensors, readSafetensors } from '../../src-main/storage/safetensors'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'storage-'))))
afterEach(() => rmSync(folder, { recursive: true }))

test('a file is written whole and nothing is left beside it', async () => {
  const path = join(folder, 'deep', 'file.txt')
  await writeAtomically(path, 'one')
  await writeAtomically(path, 'two')
  expect([readFileSync(path, 'utf8'), readdirSync(join(folder, 'deep'))]).toEqual(['two', ['file.txt']])
})

test('a folder that cannot be filled leaves the old one as it was', async () => {
  const path = join(folder, 'model')
  await writeFolderAtomically(path, (aside) => writeFile(join(aside, 'a'), 'old'))
  const filling = writeFolderAtomically(path, async (aside) => {
    await writeFile(join(aside, 'a'), 'new')
    throw new Error('broke off')
  })
  await expect(filling).rejects.toThrow('broke off')
  expect([await readFile(join(path, 'a'), 'utf8'), readdirSync(folder)]).toEqual(['old', ['model']])
})

test('a folder takes the place of an older one', async () => {
  const path = join(folder, 'model')
  await writeFolderAtomically(path, (aside) => writeFile(join(aside, 'a'), 'old'))
  await writeFolderAtomically(path, (aside) => writeFile(join(aside, 'b'), 'new'))
  expect([readdirSync(path), readdirSync(folder)]).toEqual([['b'], ['model']])
})

test('what a dead process left half-written is swept away, what a living one writes stays', async () => {
  writeFileSync(join(folder, '.a.tmp-999999999-00ff'), '')
  writeFileSync(join(folder, `.b.tmp-${process.pid}-00ff`), '')
  await sweep(folder)
  expect(readdirSync(folder)).toEqual([`.b.tmp-${process.pid}-00ff`])
})

test('a path that cannot be written or read is named', async () => {
  writeFileSync(join(folder, 'file'), '{')
  await expect(writeAtomically(join(folder, 'file', 'below'), '')).rejects.toMatchObject({
    key: expect.stringMatching(/^storage\./) as string
  })
  await expect(readJson(join(folder, 'file'))).rejects.toMatchObject({ key: 'storage.notJson' })
  await expect(readJson(join(folder, 'none'))).rejects.toMatchObject({ key: 'storage.notFound' })
})

test('a lock is held once, and is free again when it is released', async () => {
  const path = join(folder, 'run.lock')
  const held = await lock(path)
  await expect(lock(path)).rejects.toMatchObject({
    key: 'storage.locked',
    values: { pid: String(process.pid) }
  })
  expect(await lockHolder(path)).toBe(process.pid)
  await held.release()
  await (await lock(path)).release()
  expect(readdirSync(folder)).toEqual([])
})

test('of many that take a lock at once exactly one gets it', async () => {
  const taken = await Promise.allSettled(Array.from({ length: 20 }, () => lock(join(folder, 'run.lock'))))
  expect(taken.filter(({ status }) => status === 'fulfilled').length).toBe(1)
})

test('the lock of a process that died is taken over', async () => {
  const path = join(folder, 'run.lock')
  const child = fork('-e', [], { execArgv: ['-e', 'process.exit()'] })
  await new Promise((resolve) => child.once('exit', resolve))
  writeFileSync(
    path,
    JSON.stringify({ pid: child.pid, started: '1', host: (await import('node:os')).hostname() })
  )
  expect(await lockHolder(path)).toBeUndefined()
  await (await lock(path)).release()
})

test('a torn last line is left out and cut off before the next one', async () => {
  const path = join(folder, 'events.jsonl')
  writeFileSync(path, '{"n":1}\n{"n":2}\n{"n":')
  expect(await readLines(path)).toEqual([{ n: 1 }, { n: 2 }])
  const writer = openLineWriter(path)
  writer.append({ n: 3 })
  writer.close()
  expect(await readLines(path)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
})

test('tensors come back from a safetensors file with their shapes and texts', async () => {
  const path = join(folder, 'a.safetensors')
  const tensors = [
    { name: 'dense_1/kernel', shape: [2, 3], values: Float32Array.of(1, NaN, -0, Infinity, 1e-40, 6) },
    { name: 'empty', shape: [0], values: new Float32Array(0) }
  ]
  await writeAtomically(path, encodeSafetensors(tensors, { text: '学' }))
  const read = await readSafetensors(path)
  expect([read.tensors, read.metadata.text]).toEqual([tensors, '学'])
})

test.each([
  ['cut short', (bytes: Buffer) => bytes.subarray(0, -4)],
  ['with a flipped bit', (bytes: Buffer) => bytes.fill(0xff, bytes.length - 1)],
  ['with a header longer than the file', (bytes: Buffer) => bytes.fill(0xff, 0, 4)],
  ['too short for a header', (bytes: Buffer) => bytes.subarray(0, 3)]
])('a safetensors file %s is refused by name', async (_, damage) => {
  const path = join(folder, 'a.safetensors')
  const values = Float32Array.of(1, 2)
  writeFileSync(path, damage(Buffer.from(encodeSafetensors([{ name: 'a', shape: [2], values }], {}))))
  await expect(readSafetensors(path)).rejects.toMatchObject({ key: 'storage.damaged', values: { path } })
})
