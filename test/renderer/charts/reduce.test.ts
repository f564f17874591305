import { StepFlag } from '#contract/step-rows'
import { describe, expect, test } from 'vitest'
import {
  flaggedShare,
  flaggedSteps,
  reduce,
  reduceTrack,
  sampledPoints,
  type Columns
} from '../../../src-renderer/charts/reduce'

/** One step for each value; a second column holds flags. */
function columns(values: number[], flags: number[] = values.map(() => 0)): Columns {
  return {
    width: 2,
    count: values.length,
    firsts: values.map((_, index) => index + 1),
    lasts: values.map((_, index) => index + 1),
    minima: [values, flags],
    maxima: [values, flags],
    find: (step) => Math.min(step, values.length) - 1
  }
}
const all = { from: 1, to: 1000, buckets: 100, logarithmic: false }

describe('reducing a column', () => {
  test('keeps a spike of one step at its own step', () => {
    const values = Array.from({ length: 1000 }, () => 1)
    values[500] = 50
    const { line, largest } = reduce(columns(values), 0, all)
    expect([line.filter(({ y }) => y === 50), largest]).toEqual([[{ x: 501, y: 50 }], 50])
  })

  test('gives at most two points for each bucket, in the order of their steps', () => {
    const { line } = reduce(columns(Array.from({ length: 1000 }, (_, index) => Math.sin(index * 7))), 0, all)
    const steps = line.map(({ x }) => x)
    expect([line.length <= 200, steps]).toEqual([true, steps.toSorted((a, b) => a - b)])
  })

  test('puts zeros, NaN, infinity and overflow apart and never into the line of a logarithmic axis', () => {
    const values = [10, 0, NaN, Infinity, Infinity, 1000]
    const flags = [0, 0, StepFlag.nonFinite, StepFlag.nonFinite, StepFlag.overflow, 0]
    const reduced = reduce(columns(values, flags), 0, {
      from: 1,
      to: 6,
      buckets: 6,
      logarithmic: true,
      flags: 1
    })
    expect(reduced).toEqual({
      line: [
        { x: 1, y: 1 },
        { x: 2, y: null },
        { x: 3, y: null },
        { x: 4, y: null },
        { x: 5, y: null },
        { x: 6, y: 3 }
      ],
      zeros: [2],
      odd: [
        { step: 3, oddity: 'nan' },
        { step: 4, oddity: 'infinity' },
        { step: 5, oddity: 'overflow' }
      ],
      smallest: 1,
      largest: 3
    })
  })

  test('does not let one infinity swallow the numbers of its bucket', () => {
    const values = Array.from({ length: 1000 }, () => 1)
    values[502] = Infinity
    const { line, odd, largest } = reduce(columns(values), 0, all)
    expect([line.every(({ y }) => y === 1), odd.length, largest]).toEqual([true, 1, 1])
  })

  test('leaves zeros on a linear axis where they are', () => {
    const { line, zeros } = reduce(columns([0, 1]), 0, { ...all, to: 2, buckets: 2 })
    expect([line, zeros]).toEqual([
      [
        { x: 1, y: 0 },
        { x: 2, y: 1 }
      ],
      []
    ])
  })

  test('looks only at the range that is drawn, and at one step more, which the line runs to', () => {
    const { line, smallest, largest } = reduce(columns([1, 2, 3, 40, 50]), 0, {
      ...all,
      from: 2,
      to: 3,
      buckets: 2
    })
    expect({ line, smallest, largest }).toEqual({
      line: [
        { x: 2, y: 2 },
        { x: 3, y: 3 },
        { x: 4, y: 40 }
      ],
      smallest: 2,
      largest: 3
    })
  })

  test('smooths the middle of each bucket, on a logarithmic axis its logarithm, and passes over what is not finite', () => {
    const { smooth } = reduce(columns([1, NaN, 100]), 0, {
      from: 1,
      to: 3,
      buckets: 3,
      logarithmic: true,
      smoothing: 0.5
    })
    // (0.5 · 0 + 0.5 · 2) / (1 − 0.25)
    expect(smooth).toEqual([
      { x: 1, y: 0 },
      { x: 2, y: null },
      { x: 3, y: 4 / 3 }
    ])
  })

  test('does not begin to smooth anew at the edge of the range', () => {
    const values = Array.from({ length: 100 }, (_, index) => (index < 50 ? 0 : 1))
    const smooth = (from: number): unknown =>
      reduce(columns(values), 0, { from, to: 100, buckets: 101 - from, logarithmic: false, smoothing: 0.5 })
        .smooth?.slice(-40)
        .map(({ y }) => y?.toFixed(3))
    expect(smooth(52)).toEqual(smooth(1))
  })

  test('leaves out what has no value, without a mark', () => {
    const series = columns([1, 2, 3])
    const { line, zeros, odd } = reduceTrack(
      series,
      { smallest: () => 1, largest: () => 1, flags: () => 0, absent: (point) => point === 1 },
      { from: 1, to: 3, buckets: 3, logarithmic: true }
    )
    expect({ line, zeros, odd }).toEqual({
      line: [
        { x: 1, y: 0 },
        { x: 2, y: null },
        { x: 3, y: 0 }
      ],
      zeros: [],
      odd: []
    })
  })

  test('has nothing to say about a column that is not there', () => {
    expect(reduce(columns([1]), 7, all).line).toEqual([])
  })
})

test('steps with a flag are found in their range', () => {
  const flags = [StepFlag.clipped, 0, StepFlag.clipped | StepFlag.overflow, StepFlag.clipped]
  expect(flaggedSteps(columns([1, 1, 1, 1], flags), 1, StepFlag.clipped, 1, 3)).toEqual([1, 3])
})

test('the share of flagged steps is exact for single steps and a bound for joined ones', () => {
  const single = columns([1, 1, 1, 1], [StepFlag.clipped, 0, 0, StepFlag.clipped])
  const joined = { ...single, firsts: [1, 11, 21, 31], lasts: [10, 20, 30, 40] }
  const share = (series: Columns): unknown => flaggedShare(series, 1, StepFlag.clipped, 1, 40)
  expect([share(single), share(joined)]).toEqual([
    { share: 0.5, exact: true },
    { share: 0.5, exact: false }
  ])
})

test('a table always has the newest point', () => {
  const points = sampledPoints(columns(Array.from({ length: 1001 }, () => 1)))
  expect([points[0], points.length <= 50]).toEqual([1000, true])
})
