import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Experiment } from '#contract/experiment'
import type { Look } from '#contract/look'
import type { NamedTensor } from '#contract/model'
import { openWeights, type WeightStore } from '../../src-main/application/weights'
import { startEngine } from '../../src-main/engine/backends'
import { readSafetensors } from '../../src-main/storage/safetensors'
import { createTrainingService } from '../../src-main/training/service'
import { experimentOf, trainToEnd, useWorkplace, weightsIn } from './sitting'

const workplace = useWorkplace()
let dataset: string
let store: WeightStore
let source: string
let tensors: NamedTensor[]
let hash: string
let folder: string

beforeAll(async () => {
  dataset = workplace.dataset
  store = openWeights(workplace.library)
  // What a run with other weights ended with.
  source = workplace.nextFolder()
  await trainToEnd({ folder: source, dataset, experiment: experimentOf({ seed: 99 }) })
  tensors = (await readSafetensors(join(source, 'model/weights.safetensors'))).tensors
  hash = await store.keep(readFileSync(join(source, 'model/weights.safetensors')))
})
beforeEach(() => (folder = workplace.nextFolder()))

const startingFrom = (weights: string, changes: Parameters<typeof experimentOf>[0] = {}): Experiment => {
  const { layers } = experimentOf().model
  return experimentOf({ model: { layers, weights }, ...changes })
}
const trainFrom = (weights: string, experiment = startingFrom(weights), into = folder) =>
  trainToEnd({ folder: into, dataset, experiment, weights: store.pathOf(weights) })

/** As a crash before the first checkpoint leaves a run. */
function crashed(run: string): string {
  const left = workplace.nextFolder()
  const files = ['experiment.json', 'preparation.json', 'model/initial.safetensors'].filter((file) =>
    existsSync(join(run, file))
  )
  for (const file of files) cpSync(join(run, file), join(left, file))
  return left
}

test('a run starts with the weights and the layer state of the file', async () => {
  const features = new Float32Array(28 * 28).fill(128)
  let open: () => void = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  let first: Promise<Look> | undefined
  await trainToEnd(
    { folder, dataset, experiment: startingFrom(hash), weights: store.pathOf(hash) },
    (event, service) => {
      if (event.type !== 'progress' || first) return
      first = Promise.resolve(service.handlers.look({ folder, dataset, features }))
      open()
    },
    async (choice) => {
      await opened
      return startEngine(choice)
    }
  )
  const stored = createTrainingService(startEngine, () => {})
  const { outputs, activations } = await stored.handlers.look({ folder: source, dataset, features })
  expect(await first).toEqual({ step: 0, outputs, activations })
})

test('a run needs the library no more once it has begun', async () => {
  const own = await store.keep([...tensors].reverse())
  const experiment = startingFrom(own)
  await trainFrom(own, experiment)
  rmSync(store.pathOf(own))
  const left = crashed(folder)
  await trainToEnd({ folder: left, dataset })
  expect(await weightsIn(left)).toEqual(await weightsIn(folder))
  const plain = workplace.nextFolder()
  await trainToEnd({ folder: plain, dataset, experiment: experimentOf() })
  expect(await weightsIn(plain)).not.toEqual(await weightsIn(folder))
})

describe('weights that cannot be used are refused by name, and nothing is written', () => {
  const refused = async (weights: string): Promise<unknown> => {
    const error = await trainFrom(weights).catch((thrown: unknown) => thrown)
    expect(readdirSync(folder)).toEqual([])
    const { key, values } = error as { key: string; values: Record<string, unknown> }
    return { key, ...values }
  }
  const without = (name: string): NamedTensor[] => tensors.filter((tensor) => tensor.name !== name)

  test('a file that is not there', async () => {
    const missing = 'f'.repeat(64)
    expect(await refused(missing)).toEqual({ key: 'training.weightsNotFound', path: store.pathOf(missing) })
  })

  test('a file whose content is not what its name says', async () => {
    const own = await store.keep(without('dense_2/bias'))
    const path = store.pathOf(own)
    writeFileSync(path, readFileSync(store.pathOf(hash)))
    expect(await refused(own)).toEqual({ key: 'training.weightsChanged', path, expected: own, found: hash })
  })

  test.each([
    ['dense_2/bias', '[10]'],
    ['batchNormalization_1/movingMean', '[16]']
  ])('a file without %s', async (tensor, expected) => {
    const own = await store.keep(without(tensor))
    expect(await refused(own)).toEqual({
      key: 'training.weightsLack',
      path: store.pathOf(own),
      tensor,
      expected
    })
  })

  test('a tensor of another shape', async () => {
    const tensor = { name: 'dense_2/bias', shape: [2, 5], values: new Float32Array(10) }
    const own = await store.keep([...without('dense_2/bias'), tensor])
    expect(await refused(own)).toEqual({
      key: 'training.weightsShape',
      path: store.pathOf(own),
      tensor: 'dense_2/bias',
      expected: '[10]',
      found: '[2, 5]'
    })
  })

  test('a tensor that the model does not have', async () => {
    const own = await store.keep([
      ...tensors,
      { name: 'dense_3/bias', shape: [1], values: new Float32Array(1) }
    ])
    expect(await refused(own)).toEqual({
      key: 'training.weightsUnknown',
      path: store.pathOf(own),
      tensor: 'dense_3/bias'
    })
  })

  test('a file that holds no tensors', async () => {
    const own = await store.keep(Buffer.from('{"not": "a safetensors file"}'))
    expect(await refused(own)).toMatchObject({ key: 'storage.damaged', path: store.pathOf(own) })
  })
})

test('a pass over the whole model gives the same first weights again after a crash', async () => {
  const { layers } = experimentOf().model
  const experiment = experimentOf({ model: { layers, initialize: { use: 'lsuv' } } })
  await trainToEnd({ folder, dataset, experiment })
  const left = crashed(folder)
  await trainToEnd({ folder: left, dataset })
  expect(await weightsIn(left)).toEqual(await weightsIn(folder))
  const plain = workplace.nextFolder()
  await trainToEnd({ folder: plain, dataset, experiment: experimentOf() })
  expect(await weightsIn(plain)).not.toEqual(await weightsIn(folder))
})
