import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { unzipSync, zipSync, type Zippable } from 'fflate'
import { describe, expect, test } from 'vitest'
import { keras, snakeCase } from '../../../src-main/importers/formats/keras'
import { temporaryFolder } from '../../fixtures/folder'

const MODEL = join(import.meta.dirname, '../../fixtures/models/functional.keras')

/** The parts of a real file with some replaced or, by null, left out. */
async function archiveWith(changes: Record<string, Uint8Array | string | null>): Promise<string> {
  const parts: Zippable = unzipSync(await readFile(MODEL))
  for (const [name, content] of Object.entries(changes))
    if (content === null) delete parts[name]
    else parts[name] = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return write(zipSync(parts, { level: 6 }))
}

async function write(bytes: Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), 'model.keras')
  await writeFile(path, bytes)
  return path
}

test('variables are found by the name of their layer, and by class and number where a file has no names', async () => {
  const file = await keras.open(MODEL)
  const shapes = (name: string, className: string, place: number) =>
    file.tensorsOf({ name, className, place }).map(({ shape }) => shape)
  expect(shapes('head', 'Dense', 7)).toEqual([[4, 2], [2]])
  expect(shapes('nobody', 'Dense', 0)).toEqual([[5, 4], [4]])
  expect(shapes('nobody', 'Dense', 1)).toEqual([[4, 2], [2]])
  expect(shapes('nobody', 'Dense', 2)).toEqual([])
  file.close()
})

test.each([
  ['Dense', 'dense'],
  ['Conv2D', 'conv2d'],
  ['SeparableConv2D', 'separable_conv2d'],
  ['ReLU', 're_lu'],
  ['BatchNormalization', 'batch_normalization'],
  ['LSTM', 'lstm']
])('%s is %s in names of Keras', (className, expected) => {
  expect(snakeCase(className)).toBe(expected)
})

describe('a .keras file is refused', () => {
  test.each([['config.json'], ['metadata.json'], ['model.weights.h5']])('without %s', async (part) => {
    const path = await archiveWith({ [part]: null })
    await expect(keras.open(path)).rejects.toMatchObject({
      key: 'import.missingPart',
      values: { path, part }
    })
  })

  test('when it is no archive', async () => {
    const path = await write(new TextEncoder().encode('dear'))
    await expect(keras.open(path)).rejects.toMatchObject({ key: 'import.notZip', values: { path } })
  })

  test('when its architecture is no JSON object', async () => {
    const torn = await archiveWith({ 'config.json': '{"class_name"' })
    await expect(keras.open(torn)).rejects.toMatchObject({ key: 'storage.notJson' })
    const list = await archiveWith({ 'config.json': '[]' })
    await expect(keras.open(list)).rejects.toMatchObject({ key: 'import.badPart' })
  })

  test('when its weights are not HDF5', async () => {
    const path = await archiveWith({ 'model.weights.h5': 'weights' })
    await expect(keras.open(path)).rejects.toMatchObject({
      key: 'import.notHdf5',
      values: { path: `${path}/model.weights.h5` }
    })
  })

  test('when a small archive would become a large text', async () => {
    const path = await archiveWith({ 'config.json': new Uint8Array(40 * 2 ** 20) })
    await expect(keras.open(path)).rejects.toMatchObject({
      key: 'import.tooLarge',
      values: { path: `${path}/config.json`, megabytes: 42, limit: 33 }
    })
  })

  test('when the archive says less of a part than it holds', async () => {
    const real = await readFile(
      await archiveWith({ 'metadata.json': JSON.stringify({ keras_version: '3.0.0' }) })
    )
    // The size in the central directory, which is what readers go by.
    const entry = real.lastIndexOf('metadata.json') - 46
    real.writeUInt32LE(7, entry + 24)
    const path = await write(real)
    await expect(keras.open(path)).rejects.toMatchObject({ key: 'storage.notJson' })
  })
})
