import { beforeAll, beforeEach, expect, test } from 'vitest'
import { changeLive } from '#contract/live'
import { readSafetensors } from '../../src-main/storage/safetensors'
import { listCheckpoints } from '../../src-main/training/checkpoint'
import { join } from 'node:path'
import { eventsOf, experimentOf, lastStepOf, trainToEnd, useWorkplace, weightsIn } from './sitting'

const workplace = useWorkplace()
let dataset: string
let folder: string
beforeAll(() => void (dataset = workplace.dataset))
beforeEach(() => (folder = workplace.nextFolder()))

/** A residual with everything inside that keeps state or draws random numbers, on the plain engine. */
const experiment = experimentOf({
  engine: { use: 'cpu' },
  model: {
    layers: [
      { use: 'flatten' },
      { use: 'dense', units: 12, activation: 'silu' },
      {
        use: 'residual',
        activation: 'relu',
        layers: [
          { use: 'dense', units: 12 },
          { use: 'batchNormalization' },
          { use: 'dropout', rate: 0.2 },
          { use: 'weightNormalization', layer: { use: 'dense', units: 12, activation: 'gelu' } }
        ]
      },
      { use: 'dense', units: 10 }
    ]
  },
  training: { batchSize: 24, epochs: 2 }
})

test('a residual with batch normalization and dropout inside trains, and every layer of it is measured', async () => {
  const { ended, events } = await trainToEnd({ folder, dataset, experiment })
  expect(eventsOf(events, 'started')[0].layers).toEqual([
    'dense_1',
    'residual_1/dense_1',
    'residual_1/batchNormalization_1',
    'residual_1/weightNormalization_1',
    'dense_2'
  ])
  expect(ended?.summary).toMatchObject({ engine: 'cpu', stopped: 'completed', findings: [] })
  const [first, last] = eventsOf(events, 'epoch').map(({ scores }) => scores.train?.loss ?? NaN)
  expect(last).toBeLessThan(0.8 * first)
  const { tensors } = await readSafetensors(join(folder, 'model/weights.safetensors'))
  const moving = tensors.find(({ name }) => name === 'residual_1/batchNormalization_1/movingVariance')
  expect(moving?.values.some((value) => value !== 1)).toBe(true)
})

test('it goes on after an interruption to exactly the weights of a run that was not interrupted', async () => {
  const whole = workplace.nextFolder()
  await trainToEnd({ folder: whole, dataset, experiment })
  await trainToEnd({ folder, dataset, experiment }, (event, service) => {
    if (lastStepOf(event) >= 3) service.stop('interrupted')
  })
  expect((await listCheckpoints(folder)).at(-1)).toBeLessThan(20)
  await trainToEnd({ folder, dataset })
  expect(await weightsIn(folder)).toEqual(await weightsIn(whole))
})

test('a dropout inside changes while the run goes on', async () => {
  const change = { path: 'model.layers.2.layers.2.rate', value: 0 }
  let promised: Promise<{ step: number }> | undefined
  const { events } = await trainToEnd({ folder, dataset, experiment }, (_, service) => {
    promised ??= Promise.resolve(service.handlers.change(change))
  })
  const { step } = (await promised) ?? { step: NaN }
  expect(eventsOf(events, 'changed')).toMatchObject([{ step, path: change.path, from: 0.2, to: 0 }])
  // Changed before the first step, it is the run that never had a dropout.
  const without = workplace.nextFolder()
  await trainToEnd({ folder: without, dataset, experiment: changeLive(experiment, change.path, 0) })
  expect([step, await weightsIn(folder)]).toEqual([1, await weightsIn(without)])
})
