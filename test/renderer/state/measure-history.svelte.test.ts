import type { MeasureWindow } from '#contract/measures'
import { expect, test } from 'vitest'
import type { Call } from '../../../src-renderer/state/link.svelte'
import { MeasureHistory } from '../../../src-renderer/state/measure-history.svelte'

/** Answers with so many of the stored measurements, which are made at steps 10, 20, … */
function storing(last: number, perAnswer: number): { call: Call; asked: number[] } {
  const asked: number[] = []
  const call = ((_name: 'run.measures', { from = 1 }: { from?: number }) => {
    asked.push(from)
    const count = Math.max(0, Math.min(perAnswer, last - from + 1))
    const values = Float32Array.from({ length: count }, (_, index) => 10 * (from + index))
    return Promise.resolve({ first: from, count, width: 1, values, last } satisfies MeasureWindow)
  }) as Call
  return { call, asked }
}
const steps = ({ rows }: MeasureHistory): number[] => rows.map(([step]) => step)
const batch = (...values: number[]) => ({
  first: 1,
  count: values.length,
  width: 1,
  values: Float32Array.from(values)
})

test('nothing is fetched or kept before someone wants to see it', () => {
  const { call, asked } = storing(5, 5)
  const history = new MeasureHistory(call, 'run')
  history.hear(batch(10))
  expect([asked, steps(history)]).toEqual([[], []])
})

test('everything that is stored is fetched once, however few fit into an answer', async () => {
  const { call, asked } = storing(5, 2)
  const history = new MeasureHistory(call, 'run')
  await Promise.all([history.want(), history.want()])
  expect([asked, steps(history)]).toEqual([
    [1, 3, 5],
    [10, 20, 30, 40, 50]
  ])
})

test('a long run is known by measurements at equal distances', async () => {
  const { call } = storing(600, 2)
  const history = new MeasureHistory(call, 'run')
  await history.want()
  expect([steps(history).length, ...steps(history).slice(0, 3)]).toEqual([60, 10, 110, 210])
})

test('what is measured meanwhile is added in the order of steps, and each step is there once', async () => {
  const { call } = storing(3, 3)
  const history = new MeasureHistory(call, 'run')
  const wanted = history.want()
  history.hear(batch(30, 40))
  await wanted
  expect(steps(history)).toEqual([10, 20, 30, 40])
})

test('what lies behind a checkpoint that a run went back to is forgotten', async () => {
  const { call } = storing(3, 3)
  const history = new MeasureHistory(call, 'run')
  await history.want()
  history.truncate(20)
  expect(steps(history)).toEqual([10, 20])
})
