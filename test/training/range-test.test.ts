import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Experiment } from '#contract/experiment'
import type { RateRange } from '#contract/range'
import { optimizers } from '#contract/vocabulary'
import { startEngine } from '../../src-main/engine/backends'
import { buildChain } from '../../src-main/gradients/chain'
import { initialize } from '../../src-main/training/initialize'
import { writePrograms } from '../../src-main/training/program-functions'
import { openPrograms } from '../../src-main/training/programs'
import { sweepRates } from '../../src-main/training/range-test'
import { createTrainingService } from '../../src-main/training/service'
import { openModel } from '../../src-main/training/opened-model'
import { tensorsOf, type TrainState } from '../../src-main/training/step'
import { experimentOf, useWorkplace } from './sitting'

const workplace = useWorkplace()
beforeAll(async () => void (await startEngine('native-cpu')))

const range: RateRange = { from: 1e-5, to: 1e4, steps: 30 }
const silent = (): void => {}

async function rig(experiment: Experiment, mayCompile = true) {
  const opened = await openModel(experiment, workplace.dataset)
  const { model, makeBatch, parts, preparation } = opened
  const chain = buildChain(experiment.gradients, model.parameters)
  const first = await initialize(undefined, experiment, opened)
  const functions = writePrograms(opened, chain)
  const { train } = functions
  if (!train) throw new Error('a chain is there, so it can be trained')
  let calls = 0
  const programs = openPrograms({
    functions: {
      ...functions,
      train: (...given) => {
        calls++
        return train(...given)
      }
    },
    sampleShape: preparation.sampleShape,
    state: { ...first, chainState: chain.init(first.parameters) },
    mayCompile
  })
  const trainSome = (from: number, count: number): Uint8Array[] =>
    Array.from({ length: count }, (_, index) => {
      const step = from + index
      const clock = { step, updates: step, epoch: 0, stepsPerEpoch: 5 }
      const batch = makeBatch({ epoch: 0, offset: 50 * (step % 4), size: 50, step })
      const scalars = {
        ...chain.scalars(clock, experiment.gradients),
        ...model.scalars(experiment.model.layers)
      }
      return new Uint8Array(programs.train({ ...batch, seed: [7, step] }, scalars).buffer)
    })
  const task = { experiment, model, chain, makeBatch, samples: parts.train.count }
  return { programs, task, trainSome, calls: () => calls }
}

const bytesOf = (state: TrainState): Record<string, number[]> =>
  Object.fromEntries(
    Object.entries(tensorsOf(state)).map(([name, tensor]) => [
      name,
      Array.from(new Uint8Array(Float32Array.from(tensor.dataSync()).buffer))
    ])
  )

describe.each([
  ['compiled', true],
  ['kernel after kernel', false]
])('a range test %s', (_, mayCompile) => {
  test('leaves weights, slots, averages and masks as they were, byte for byte', async () => {
    const experiment = experimentOf()
    const [tested, plain] = [await rig(experiment, mayCompile), await rig(experiment, mayCompile)]
    for (const each of [tested, plain]) each.trainSome(0, 3)
    const before = bytesOf(tested.programs.state)
    const { points } = await sweepRates(tested.programs, tested.task, range, silent)
    expect(points.length).toBeGreaterThan(10)
    expect(bytesOf(tested.programs.state)).toEqual(before)
    expect(tested.trainSome(3, 4)).toEqual(plain.trainSome(3, 4))
    expect(bytesOf(tested.programs.state)).toEqual(bytesOf(plain.programs.state))
    for (const each of [tested, plain]) each.programs.dispose()
  })
})

test('a range test keeps no tensors', async () => {
  const { programs, task } = await rig(experimentOf(), false)
  const before = tf.memory().numTensors
  await sweepRates(programs, task, range, silent)
  expect(tf.memory().numTensors).toBe(before)
  programs.dispose()
})

test('the rate is fed: a step is traced once for each size of batch', async () => {
  const { programs, task, calls } = await rig(experimentOf())
  // 240 samples in batches of 50: four whole ones and one of 40.
  await sweepRates(programs, task, { from: 1e-5, to: 1e-1, steps: 30 }, silent)
  expect(programs.isCompiled('train')).toBe(true)
  expect(calls()).toBe(2)
  programs.dispose()
})

test('the rates of the test take the place of a schedule', async () => {
  const schedule = { use: 'cosine', rate: 0.5, over: 1, warmup: 0.5, final: 0, unit: 'epochs' } as const
  const sweep = async (rate: number | typeof schedule) => {
    const { programs, task } = await rig(experimentOf({ gradients: [{ use: 'momentum', rate }] }))
    const { points } = await sweepRates(programs, task, range, silent)
    programs.dispose()
    return points
  }
  const points = await sweep(schedule)
  expect(points).toEqual(await sweep(0.01))
  expect(points[0].rate).toBe(1e-5)
  points
    .slice(1)
    .forEach(({ rate }, index) => expect(rate / points[index].rate).toBeCloseTo(10 ** (9 / 29), 6))
})

test.each(Object.keys(optimizers) as (keyof typeof optimizers)[])(
  'a range test of %s ends before its loss is lost, and suggests a rate below that',
  async (use) => {
    const { programs, task } = await rig(experimentOf({ gradients: [{ use, rate: 0.01 }] }))
    const wide = { from: 1e-6, to: 1e6, steps: 120 }
    const { points, ended, suggestion } = await sweepRates(programs, task, wide, silent)
    expect(ended).not.toBe('completed')
    const last = points[points.length - 1].rate
    expect(suggestion?.valley).toBeLessThan(last)
    expect(suggestion?.largestStable).toBeLessThan(last)
    programs.dispose()
  }
)

test('a training process tests an experiment and tells how far it is', async () => {
  const told: unknown[] = []
  const { handlers } = createTrainingService(startEngine, (event) => told.push(event))
  const { dataset } = workplace
  const answer = await handlers.range({ experiment: experimentOf(), dataset, range, work: 'mine' })
  expect(answer).toMatchObject({ engine: 'native-cpu', compiled: true })
  expect(answer.points[0]).toMatchObject({ rate: 1e-5 })
  expect(told[0]).toEqual({
    type: 'work',
    work: 'mine',
    message: { key: 'training.progress.range', values: { done: 0, count: 30 } },
    share: 0
  })
})

test('a range test that is called off stops', async () => {
  const told: unknown[] = []
  const { handlers } = createTrainingService(startEngine, (event) => {
    told.push(event)
    if (told.length === 3) void handlers.cancel({ work: 'mine' })
  })
  const { dataset } = workplace
  const asked = handlers.range({ experiment: experimentOf(), dataset, range, work: 'mine' })
  await expect(asked).rejects.toMatchObject({ key: 'request.cancelled' })
  expect(told).toHaveLength(3)
})
