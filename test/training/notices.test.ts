import { expect, test } from 'vitest'
import type { ActiveEngine } from '#contract/engine'
import { startEngine } from '../../src-main/engine/backends'
import { nativeThreadsOf, noticesOf } from '../../src-main/training/notices'
import { readEvents } from '../../src-main/training/run-log'
import { eventsOf, experimentOf, trainToEnd, useWorkplace } from './sitting'

const native: ActiveEngine = { name: 'native-cpu', library: 'TensorFlow 2.21.0', threads: 2 }
const wasm: ActiveEngine = { name: 'wasm', library: 'tfjs-backend-wasm 4.22.0', threads: 1 }
const beginning = { step: 40, engine: native, before: native, batchSize: 10, samples: 100 }

const workplace = useWorkplace()

test('a sitting like the one before has nothing to tell', () => {
  expect(noticesOf(beginning)).toEqual([])
})

test('a batch larger than the training part is told with both numbers', () => {
  expect(noticesOf({ ...beginning, batchSize: 128 })).toEqual([
    { key: 'training.notice.batch', values: { batchSize: 128, samples: 100 } }
  ])
})

test.each([wasm, { ...native, library: 'TensorFlow 2.22.0' }])(
  'a run that goes on with $name of $library is told to be exact no longer',
  (engine) => {
    const values = {
      step: 40,
      before: 'native-cpu (TensorFlow 2.21.0)',
      now: `${engine.name} (${engine.library})`
    }
    expect(noticesOf({ ...beginning, engine })).toEqual([{ key: 'training.notice.engine', values }])
  }
)

test('another number of threads is told', () => {
  expect(noticesOf({ ...beginning, engine: { ...native, threads: 8 } })).toEqual([
    { key: 'training.notice.threads', values: { step: 40, before: 2, now: 8 } }
  ])
})

test('a run that begins again at its first step has nothing behind it that could differ', () => {
  expect(noticesOf({ ...beginning, step: 0, engine: wasm })).toEqual([])
})

test('the log of a run tells when it goes on with another engine, and with how many threads it began', async () => {
  const { dataset } = workplace
  const folder = workplace.nextFolder()
  await trainToEnd({ folder, dataset, experiment: experimentOf() })
  const { events } = await trainToEnd({ folder, dataset, moreEpochs: 1 }, undefined, async (choice) => ({
    ...(await startEngine(choice)),
    library: 'TensorFlow of another day'
  }))
  expect(eventsOf(events, 'notice').map(({ step, message }) => [step, message.key])).toEqual([
    [10, 'training.notice.engine']
  ])
  const { threads } = await startEngine('native-cpu')
  expect(nativeThreadsOf(await readEvents(folder))).toBe(threads)
})
