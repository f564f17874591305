import {
  columnOf,
  layerColumnOf,
  rowWidth,
  StepFlag,
  type StepBatch,
  type StepWindow
} from '#contract/step-rows'
import { describe, expect, test } from 'vitest'
import { Series } from '../../../src-renderer/state/series'

const WIDTH = rowWidth(1)
const LOSS = columnOf('loss')
const NORM = layerColumnOf(0, 'gradientBefore')
const FLAGS = columnOf('flags')

/** Rows whose loss is the step's number, unless told otherwise. */
function batch(
  first: number,
  count: number,
  change: Record<number, [column: number, value: number]> = {}
): StepBatch {
  const values = new Float32Array(count * WIDTH)
  for (let row = 0; row < count; row++) {
    values[row * WIDTH + LOSS] = first + row
    const changed = change[first + row]
    if (changed) values[row * WIDTH + changed[0]] = changed[1]
  }
  return { first, count, width: WIDTH, values }
}

/** Buckets of ten steps whose loss goes from the first to the last step's number. */
function history(buckets: number): StepWindow {
  const minima = new Float32Array(buckets * WIDTH)
  const maxima = new Float32Array(buckets * WIDTH)
  for (let bucket = 0; bucket < buckets; bucket++) {
    minima[bucket * WIDTH + LOSS] = bucket * 10 + 1
    maxima[bucket * WIDTH + LOSS] = bucket * 10 + 10
  }
  const steps = Float64Array.from({ length: buckets }, (_, bucket) => bucket * 10 + 1)
  return { from: 1, to: buckets * 10, last: buckets * 10, width: WIDTH, steps, minima, maxima }
}

const points = (series: Series): unknown[] =>
  Array.from({ length: series.count }, (_, point) => [
    series.firsts[point],
    series.lasts[point],
    series.minima[LOSS][point],
    series.maxima[LOSS][point]
  ])

describe('a series', () => {
  test('keeps live rows behind the stored history, each step once', () => {
    const series = new Series()
    series.load(history(2))
    series.append(batch(19, 4))
    expect(points(series)).toEqual([
      [1, 10, 1, 10],
      [11, 20, 11, 20],
      [21, 21, 21, 21],
      [22, 22, 22, 22]
    ])
  })

  test('replaces a step that comes again', () => {
    const series = new Series()
    series.append(batch(1, 3))
    series.append(batch(2, 1, { 2: [LOSS, 0.5] }))
    expect(points(series)).toEqual([
      [1, 1, 1, 1],
      [2, 2, 0.5, 0.5],
      [3, 3, 3, 3]
    ])
  })

  test('forgets what lies behind the checkpoint that a run went back to', () => {
    const series = new Series()
    series.load(history(3))
    series.truncate(15)
    series.append(batch(16, 1))
    expect(points(series)).toEqual([
      [1, 10, 1, 10],
      [11, 15, 11, 20],
      [16, 16, 16, 16]
    ])
  })

  test('stays bounded over 100,000 steps and loses neither a spike, a NaN nor a flag', () => {
    const series = new Series()
    const odd = { 777: [LOSS, 1e9], 5001: [NORM, NaN], 60123: [FLAGS, StepFlag.clipped] } as const
    for (let first = 1; first < 100_000; first += 100)
      series.append(batch(first, 100, odd as unknown as Record<number, [number, number]>))
    const has = (column: number, step: number): number => series.value(series.find(step), column)
    expect({
      bounded: series.count <= 8192,
      first: series.first,
      last: series.last,
      spike: has(LOSS, 777),
      nan: has(NORM, 5001),
      lowest: series.minima[NORM][series.find(5001)],
      clipped: has(FLAGS, 60123),
      newest: series.firsts[series.count - 2000]
    }).toEqual({
      bounded: true,
      first: 1,
      last: 100_000,
      spike: 1e9,
      nan: NaN,
      lowest: 0,
      clipped: StepFlag.clipped,
      newest: 98_001
    })
  })

  test('covers every step by exactly one point after it was thinned', () => {
    const series = new Series()
    series.append(batch(1, 30_000))
    const gaps = points(series).filter(
      (_, point) => point > 0 && series.firsts[point] !== series.lasts[point - 1] + 1
    )
    expect(gaps).toEqual([])
  })

  test('keeps the finite values of a point in which a NaN came later', () => {
    const series = new Series()
    series.load(history(1))
    series.append(batch(4, 1, { 4: [LOSS, NaN] }))
    expect(points(series)).toEqual([[1, 10, 1, NaN]])
  })

  test('starts anew when another run has other layers', () => {
    const series = new Series()
    series.append(batch(1, 5))
    series.append({ first: 1, count: 1, width: rowWidth(2), values: new Float32Array(rowWidth(2)) })
    expect([series.count, series.width, series.last]).toEqual([1, rowWidth(2), 1])
  })
})
