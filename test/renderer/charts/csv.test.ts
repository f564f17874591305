import { expect, test } from 'vitest'
import { columnTrack, writeCsv } from '../../../src-renderer/charts/csv'
import type { Columns } from '../../../src-renderer/charts/reduce'

function columns(firsts: number[], lasts: number[], minima: number[], maxima: number[]): Columns {
  return {
    width: 1,
    count: firsts.length,
    firsts,
    lasts,
    minima: [minima],
    maxima: [maxima],
    find: (step) => firsts.findLastIndex((first) => first <= step)
  }
}

test('single steps are rows of one value each, exact and with what is not finite', () => {
  const values = [...new Float32Array([0.1, NaN, Infinity, 4])]
  const series = columns([1, 2, 3, 4], [1, 2, 3, 4], values, values)
  const csv = writeCsv(series, { from: 1, to: 3 }, [{ name: 'a, "b"', track: columnTrack(series, 0) }])
  expect(csv).toBe('step,"a, ""b"""\n1,0.100000001\n2,NaN\n3,Infinity\n')
})

test('joined steps say which they are, with the smallest and largest value', () => {
  const series = columns([1, 11], [10, 11], [1, 5], [3, 5])
  const csv = writeCsv(series, { from: 1, to: 20 }, [
    { name: 'loss', track: columnTrack(series, 0) },
    { name: 'none', track: columnTrack(series, 7) }
  ])
  expect(csv).toBe(
    'first step,last step,loss (smallest),loss (largest),none (smallest),none (largest)\n1,10,1,3,,\n11,11,5,5,,\n'
  )
})
