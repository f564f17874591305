import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Experiment } from '#contract/experiment'
import { columnOf } from '#contract/step-rows'
import { readGoodState } from '../../src-main/training/checkpoint'
import { eventsOf, experimentOf, lastStepOf, trainToEnd, useWorkplace, weightsIn } from './sitting'

const workplace = useWorkplace()

/** Thirty steps an epoch; every batch whose step is a multiple of 70 is beyond 32 bits. */
const broken = (retries: number, use: Experiment['engine']['use'] = 'native-cpu'): Experiment =>
  experimentOf({
    engine: { use },
    data: {
      source: { use: 'digits' },
      prepare: [{ use: 'scale', by: 1 / 255 }],
      limit: { train: 300, test: 100 },
      faults: [{ use: 'scaleBatch', every: 70, by: 1e38 }]
    },
    training: { batchSize: 10, epochs: 8 },
    guard: { nonFinite: 'rollback', retries }
  })

test('a refused step takes the run back to its last good state, with half the rate and later data', async () => {
  const { dataset } = workplace
  const folder = workplace.nextFolder()
  const { events, ended } = await trainToEnd({ folder, dataset, experiment: broken(3) })
  expect(ended?.summary).toMatchObject({ stopped: 'completed', steps: 240, refused: 3, rollbacks: 3 })
  expect(eventsOf(events, 'guard')).toMatchObject([
    {
      step: 70,
      action: 'rollback',
      batch: { epoch: 2, offset: 90, count: 10 },
      rollback: { backTo: 0, attempt: 1, of: 3, rateFactor: 0.5 }
    },
    { step: 140, action: 'rollback', rollback: { backTo: 0, attempt: 2, of: 3, rateFactor: 0.25 } },
    { step: 210, action: 'rollback', rollback: { backTo: 150, attempt: 3, of: 3, rateFactor: 0.125 } }
  ])
  const rates = events.flatMap((event) =>
    event.type === 'steps'
      ? Array.from(
          { length: event.batch.count },
          (_, i) => event.batch.values[i * event.batch.width + columnOf('rate')]
        )
      : []
  )
  expect([1, 70, 71, 140, 141, 210, 211, 240].map((step) => rates[step - 1])).toEqual(
    [0.01, 0.01, 0.005, 0.005, 0.0025, 0.0025, 0.00125, 0.00125].map(Math.fround)
  )
})

test('kernel after kernel a run goes back the same way', async () => {
  const { dataset } = workplace
  const folder = workplace.nextFolder()
  const { events, ended } = await trainToEnd({ folder, dataset, experiment: broken(5, 'wasm') })
  expect(ended?.summary).toMatchObject({ stopped: 'completed', steps: 240, refused: 3, rollbacks: 3 })
  expect(eventsOf(events, 'guard').map(({ rollback }) => rollback?.backTo)).toEqual([0, 0, 150])
})

test('a run that has gone back often enough stops, and keeps the state from before', async () => {
  const { dataset } = workplace
  const folder = workplace.nextFolder()
  const { events, ended } = await trainToEnd({ folder, dataset, experiment: broken(1) })
  expect(ended?.summary).toMatchObject({ stopped: 'guard', steps: 140, refused: 2, rollbacks: 1 })
  expect(eventsOf(events, 'guard').map(({ action, message }) => [action, message.key])).toEqual([
    ['rollback', 'training.guard.rollback'],
    ['stop', 'training.guard.spent']
  ])
  const kept = eventsOf(events, 'checkpoint').find((event) => event.kept)
  expect(readdirSync(join(folder, 'checkpoints'))).toContain(kept?.file)
  const { position } = await readGoodState(folder, kept?.step ?? -1)
  expect(position).toMatchObject({ step: 0, updates: 0 })
})

test('interrupted anywhere, a run goes back to the same states and ends with the same weights', async () => {
  const { dataset } = workplace
  const whole = workplace.nextFolder()
  const experiment = broken(5)
  await trainToEnd({ folder: whole, dataset, experiment })
  const folder = workplace.nextFolder()
  let sittings = 0
  for (const step of [45, 95, 145, 190, 225]) {
    await trainToEnd(
      { folder, dataset, ...(sittings++ === 0 && { experiment }) },
      (event, service) => void (lastStepOf(event) >= step && service.stop('interrupted'))
    )
  }
  const { ended } = await trainToEnd({ folder, dataset })
  expect(ended?.summary).toMatchObject({ steps: 240, refused: 3, rollbacks: 3 })
  expect(await weightsIn(folder)).toEqual(await weightsIn(whole))
})

test('a rate that is set anew is the rate, whatever was left of the one before', async () => {
  const { dataset } = workplace
  const folder = workplace.nextFolder()
  let promised: Promise<{ step: number }> | undefined
  const { events } = await trainToEnd({ folder, dataset, experiment: broken(3) }, (event, service) => {
    if (event.type === 'event' && event.event.type === 'guard')
      promised ??= Promise.resolve(service.handlers.change({ path: 'gradients.1.rate', value: 0.003 }))
  })
  expect((await promised)?.step).toBe(71)
  expect(eventsOf(events, 'guard').map(({ rollback }) => rollback?.rateFactor)).toEqual([0.5, 0.5, 0.25])
})
