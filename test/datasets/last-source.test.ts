import { rm, utimes, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { WorkerEvent } from '#contract/worker'
import { keepLastSource } from '../../src-main/datasets/last-source'
import { temporaryFolder } from '../fixtures/folder'
import { idxBytes, writePair } from '../fixtures/idx'

const labels = [0, 1, 2, 0, 1, 2, 0]
/** A source with these labels that is not prepared yet, and a way to read its labels. */
async function open() {
  const library = await temporaryFolder()
  const files = await writePair(await temporaryFolder(), labels)
  const events: WorkerEvent[] = []
  const openSource = keepLastSource((event) => events.push(event))
  const read = async () => Array.from((await openSource({ use: 'idx', ...files }, library)).train.targets)
  return { library, files, events, read }
}

test('the last source is prepared once, and stays in memory', async () => {
  const { library, events, read } = await open()
  const both = await Promise.all([read(), read()])
  await rm(library, { recursive: true })
  expect([...both, await read()]).toEqual([labels, labels, labels])
  expect(events.filter(({ message }) => message.key === 'data.reading').length).toBe(1)
})

test('it is read anew when its files have changed', async () => {
  const { files, read } = await open()
  expect(await read()).toEqual(labels)
  await writeFile(files.labels, idxBytes([7], [1, 1, 0, 0, 0, 0, 1]))
  await utimes(files.labels, 1, 1)
  expect(await read()).toEqual([1, 1, 0, 0, 0, 0, 1])
})

test('it is asked for again after it could not be read', async () => {
  const { files, read } = await open()
  await writeFile(files.labels, 'nonsense')
  await expect(read()).rejects.toMatchObject({ key: 'data.notIdx' })
  await writeFile(files.labels, idxBytes([7], labels))
  expect(await read()).toEqual(labels)
})
