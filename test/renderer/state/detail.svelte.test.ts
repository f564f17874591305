import { Failure } from '#contract/failure'
import { columnOf, rowWidth, type StepWindow } from '#contract/step-rows'
import { expect, test } from 'vitest'
import { Detail } from '../../../src-renderer/state/detail.svelte'
import type { Range } from '../../../src-renderer/state/range'
import { Series } from '../../../src-renderer/state/series'

const WIDTH = rowWidth(0)
const STEPS = 1_000_000

/** Stored steps whose loss is the number of the step, in buckets. */
function stored({ from, to }: Range, points: number): StepWindow {
  const size = Math.ceil((to - from + 1) / points)
  const steps = Float64Array.from({ length: Math.ceil((to - from + 1) / size) }, (_, at) => from + at * size)
  const minima = new Float32Array(steps.length * WIDTH)
  const maxima = new Float32Array(steps.length * WIDTH)
  steps.forEach((step, at) => {
    minima[at * WIDTH + columnOf('loss')] = step
    maxima[at * WIDTH + columnOf('loss')] = Math.min(step + size - 1, to)
  })
  return { from, to, last: STEPS, width: WIDTH, steps, minima, maxima }
}

/** A long run, and what was read of it; time passes when `rest` is called. */
function longRun(read: (range: Range, points: number) => StepWindow = stored) {
  const series = new Series()
  series.load(stored({ from: 1, to: STEPS }, 2000))
  const asked: Range[] = []
  const waiting: (() => void)[] = []
  const detail = new Detail(
    series,
    async (range, points) => {
      asked.push(range)
      return read(range, points)
    },
    () => new Promise((resolve) => waiting.push(resolve))
  )
  const rest = async (): Promise<void> => {
    while (waiting.length > 0) {
      waiting.shift()?.()
      await new Promise((resolve) => setTimeout(resolve))
    }
  }
  return { series, detail, asked, rest }
}

const near = { from: 400_000, to: 400_900 }

test('steps that are zoomed to are read in full, with some to both sides', async () => {
  const { series, detail, asked, rest } = longRun()
  const before = detail.seriesFor(near) === series
  void detail.want(near)
  await rest()
  const fine = detail.seriesFor(near)
  const point = fine.find(400_500)
  expect({
    before,
    asked,
    steps: [fine.firsts[point], fine.lasts[point]],
    value: fine.value(point, 0)
  }).toEqual({
    before: true,
    asked: [{ from: 399_550, to: 401_350 }],
    steps: [400_500, 400_500],
    value: 400_500
  })
})

test('a range that still moves is read once, where it comes to rest, though the range is told again and again', async () => {
  const { detail, asked, rest } = longRun()
  for (const shift of [0, 10, 20, 30, 30]) void detail.want({ from: near.from + shift, to: near.to + shift })
  await rest()
  for (let again = 0; again < 3; again++) void detail.want({ from: near.from + 30, to: near.to + 30 })
  await rest()
  expect(asked).toEqual([{ from: 399_580, to: 401_380 }])
})

test('all of a run, and what is known in full, is not read again', async () => {
  const { detail, asked, rest } = longRun()
  void detail.want({ from: 0, to: STEPS })
  await rest()
  const short = new Series()
  short.append({ first: 1, count: 50, width: WIDTH, values: new Float32Array(50 * WIDTH) })
  void new Detail(
    short,
    async () => expect.unreachable(),
    () => Promise.resolve()
  ).want({ from: 10, to: 20 })
  await rest()
  expect(asked).toEqual([])
})

test('new steps appear behind those that were read', async () => {
  const { series, detail, rest } = longRun()
  const end = { from: STEPS - 500, to: STEPS + 100 }
  void detail.want(end)
  await rest()
  series.append({ first: STEPS + 1, count: 2, width: WIDTH, values: new Float32Array(2 * WIDTH) })
  const fine = detail.seriesFor(end)
  expect([fine === series, fine.last, fine.firsts[fine.count - 3]]).toEqual([false, STEPS + 2, STEPS])
})

test('what is coarse stays on display when the connection is lost', async () => {
  const { series, detail, rest } = longRun(() => {
    throw new Failure('wire.closed', { reason: '' })
  })
  void detail.want(near)
  await rest()
  expect(detail.seriesFor(near)).toBe(series)
})
