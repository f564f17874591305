import { beforeEach, expect, test } from 'vitest'
import type { EngineName, GpuSample } from '#contract/engine'
import type { WorkbenchEvent } from '#contract/events'
import type { RunState } from '#contract/run'
import { watchGpu, type GpuWatch } from '../../src-main/application/gpu-watch'
import { createFakeClock, type FakeClock } from './fake-ports'

const sample: GpuSample = {
  index: 0,
  name: 'Tesla K80',
  percent: 37,
  usedMebibytes: 11,
  totalMebibytes: 11441
}
let clock: FakeClock
let events: WorkbenchEvent[]
let answer: GpuSample | undefined
let watch: GpuWatch
beforeEach(() => {
  clock = createFakeClock()
  events = []
  answer = sample
  watch = watchGpu(
    async () => answer,
    clock,
    (event) => events.push(event)
  )
})

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
/** A run is listed, as it is when it begins and ends. */
async function list(state: RunState, engine: EngineName = 'native-gpu', id = 'a'): Promise<void> {
  const listing = { id, folder: `/${id}`, name: id, engine, state, created: 0, steps: 0 }
  watch.hear({ type: 'run.listed', listing })
  await settle()
}
async function pass(milliseconds: number): Promise<void> {
  clock.advance(milliseconds)
  await settle()
}

test('the card is looked at every two seconds while a run computes on it, and not afterwards', async () => {
  await list('running')
  await pass(1999)
  expect(events).toEqual([{ type: 'gpu.sampled', sample }])
  await pass(1)
  expect(events).toHaveLength(2)
  await list('completed')
  await pass(10_000)
  expect(events).toHaveLength(2)
})

test('a run on another engine asks nothing of the card', async () => {
  await list('running', 'native-cpu')
  await pass(10_000)
  expect(events).toEqual([])
})

test('two runs are one reason to look, and the last one to end stops it', async () => {
  await list('running')
  await list('running', 'native-gpu', 'b')
  expect(events).toHaveLength(1)
  await list('completed')
  await pass(2000)
  expect(events).toHaveLength(2)
  await list('failed', 'native-gpu', 'b')
  expect(clock.due).toEqual([])
})

test('a card that tells nothing is told once and not asked again in that run', async () => {
  answer = undefined
  await list('running')
  await pass(10_000)
  expect(events).toEqual([{ type: 'gpu.sampled' }])
})

test('nothing is waiting after the end', async () => {
  await list('running')
  watch.end()
  expect(clock.due).toEqual([])
})
