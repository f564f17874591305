import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { listZip, unzipFile } from '../../src-main/engine/zip'
import { temporaryFolder } from '../fixtures/folder'

const noise = Uint8Array.from({ length: 3_000_000 }, (_, index) => (index * index) >> 5)

async function archive(): Promise<string> {
  const path = join(await temporaryFolder(), 'archive.zip')
  await writeFile(
    path,
    zipSync({
      'folder/': new Uint8Array(0),
      'folder/packed': [noise, { level: 6 }],
      stored: [noise, { level: 0 }],
      empty: new Uint8Array(0)
    })
  )
  return path
}

async function unzip(path: string, name: string, signal = new AbortController().signal): Promise<Buffer> {
  const entry = (await listZip(path)).find((candidate) => candidate.name === name)
  if (!entry) throw new Error(`${name} is not listed`)
  let heard = 0
  await unzipFile(path, entry, `${path}.out/${name}`, signal, (bytes) => (heard += bytes))
  expect(heard).toBe(entry.size)
  return readFile(`${path}.out/${name}`)
}

describe('listZip', () => {
  it('lists files and leaves out folders', async () => {
    expect((await listZip(await archive())).map(({ name, size }) => [name, size])).toEqual([
      ['folder/packed', noise.length],
      ['stored', noise.length],
      ['empty', 0]
    ])
  })

  it('refuses a file that is cut off', async () => {
    const path = await archive()
    await writeFile(path, (await readFile(path)).subarray(0, 1_000_000))
    await expect(listZip(path)).rejects.toThrow('no zip directory')
  })
})

describe('unzipFile', () => {
  it.each(['folder/packed', 'stored'])('gives back the bytes of %s and counts them', async (name) => {
    expect((await unzip(await archive(), name)).equals(noise)).toBe(true)
  })

  it('makes an empty file', async () => {
    expect((await unzip(await archive(), 'empty')).length).toBe(0)
  })

  it('refuses content whose checksum is wrong', async () => {
    const path = await archive()
    const bytes = await readFile(path)
    const stored = (await listZip(path))[1]
    bytes[stored.offset + 1000] ^= 1
    await writeFile(path, bytes)
    await expect(unzip(path, 'stored')).rejects.toThrow('checksum')
  })

  it('stops when it is cancelled', async () => {
    await expect(unzip(await archive(), 'stored', AbortSignal.abort())).rejects.toThrow('aborted')
  })
})
