import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { Failure } from '#contract/failure'
import { randomFrom } from '#contract/random'
import { openHdf5, type Hdf5 } from '../../src-main/importers/hdf5'

const bytesOf = (name: string): Promise<Buffer> =>
  readFile(join(import.meta.dirname, '../fixtures/models', name))

/** Everything that an importer would ask of a file, as a list. */
function readAll(file: Hdf5): string[] {
  const found: string[] = []
  const visit = (path: string): void => {
    for (const name of file.names(path)) {
      const inside = `${path === '/' ? '' : path}/${name}`
      const dataset = file.dataset(inside)
      if (dataset && dataset.shape.reduce((size, length) => size * length, 1) < 1000)
        found.push(`${inside} ${dataset.read().length}`)
      if (file.isGroup(inside)) visit(inside)
    }
  }
  file.texts('/', 'model_config')
  for (const layer of file.texts('/model_weights', 'layer_names') ?? [])
    file.texts(`/model_weights/${layer}`, 'weight_names')
  visit('/model_weights')
  return found
}

test('groups, texts and numbers are read', async () => {
  const file = await openHdf5(await bytesOf('functional.h5'), 'functional.h5')
  expect(file.texts('/', 'keras_version')).toEqual(['3.15.0'])
  expect(file.texts('/', 'nothing')).toBeUndefined()
  expect(file.texts('/model_weights/re_lu', 'weight_names')).toEqual([])
  expect(file.dataset('/model_weights')).toBeUndefined()
  expect(readAll(file)).toContain('/model_weights/head/head/kernel 8')
  file.close()
})

test('64-bit numbers become 32-bit ones, and whole numbers are no weights', async () => {
  const file = await openHdf5(await bytesOf('types.h5'), 'types.h5')
  expect(file.dataset('/double')?.read()).toEqual(Float32Array.of(0.5, Math.fround(0.1)))
  expect(() => file.dataset('/whole')?.read()).toThrow(
    new Failure('import.notNumbers', { path: 'types.h5', tensor: '/whole' })
  )
  file.close()
})

test('a file that points at another one does not reach it', async () => {
  const file = await openHdf5(await bytesOf('types.h5'), 'types.h5')
  expect(file.dataset('/linked')).toBeUndefined()
  expect(() => file.dataset('/outside')?.read()).toThrow(Failure)
  file.close()
})

test('damaged files are failures or readable, write nothing to the terminal, and do not harm the next file', async () => {
  const written = [vi.spyOn(console, 'error'), vi.spyOn(console, 'log'), vi.spyOn(process.stderr, 'write')]
  const whole = await bytesOf('functional.h5')
  const expected = await openHdf5(whole, 'whole').then((file) => [readAll(file), file.close()][0])
  // Other damage may keep the library busy for ever, which is why an import has a process of its own.
  const random = randomFrom('blow')
  const outcomes = { read: 0, refused: 0 }
  for (let round = 0; round < 150; round++) {
    const damaged = Buffer.from(whole)
    for (let blow = 0; blow < 6; blow++)
      damaged[Math.floor(random() * damaged.length)] = Math.floor(random() * 256)
    const cut = round % 5 === 0 ? damaged.subarray(0, Math.floor(random() * damaged.length)) : damaged
    let file: Hdf5 | undefined
    try {
      file = await openHdf5(cut, 'damaged')
      readAll(file)
      outcomes.read++
    } catch (error) {
      expect(error).toBeInstanceOf(Failure)
      outcomes.refused++
    } finally {
      file?.close()
    }
  }
  expect(outcomes.read).toBeGreaterThan(0)
  expect(outcomes.refused).toBeGreaterThan(50)
  const file = await openHdf5(whole, 'whole')
  expect(readAll(file)).toEqual(expected)
  file.close()
  expect(written.map(({ mock }) => mock.calls)).toEqual([[], [], []])
})
