import { HISTOGRAM_NOT_FINITE, HISTOGRAM_SIZE, HISTOGRAM_ZERO } from '#contract/measures'
import { expect, test } from 'vitest'
import {
  binEdges,
  decadesOf,
  medianMagnitude,
  negativeBins,
  positiveBins,
  shareIn,
  usedBins,
  zeroBin
} from '../../../src-renderer/charts/histograms'
import { paintHistograms } from '../../../src-renderer/charts/paint-histograms'
import { svgPen } from '../../../src-renderer/charts/svg-pen'

/** The first bin of numbers from 1 on, and that of numbers down to −1. */
const ONE = HISTOGRAM_ZERO + 1 + 32
const MINUS_ONE = HISTOGRAM_ZERO - 1 - 32

function histogram(step: number, counts: Record<number, number>) {
  const all = new Float32Array(HISTOGRAM_SIZE)
  for (const [bin, count] of Object.entries(counts)) all[Number(bin)] = count
  return { step, counts: all }
}
const some = histogram(1, { [MINUS_ONE]: 3, [HISTOGRAM_ZERO]: 4, [ONE]: 1, [HISTOGRAM_NOT_FINITE]: 5 })

test('shares are of what is finite', () => {
  expect([negativeBins, zeroBin, positiveBins].map((bins) => shareIn(some, bins))).toEqual([
    3 / 8,
    0.5,
    1 / 8
  ])
})

test('bins that hold nothing are left out at both ends, and zero never', () => {
  expect([usedBins([some]), usedBins([histogram(1, { [ONE]: 1 })])]).toEqual([
    { low: MINUS_ONE, high: ONE },
    { low: HISTOGRAM_ZERO, high: ONE }
  ])
})

test('edges of bins are whole powers of ten with their sign', () => {
  const edges = binEdges({ low: MINUS_ONE, high: ONE })
  const textAt = (edge: number): string | undefined => edges.find((each) => each.edge === edge)?.text
  expect([textAt(ONE), textAt(MINUS_ONE + 1), textAt(HISTOGRAM_ZERO + 0.5), textAt(ONE - 2)]).toEqual([
    '1',
    '−1',
    '0',
    '10⁻¹'
  ])
})

test('decades of a table hold every bin in use once, from the least to the largest', () => {
  const decades = decadesOf({ low: MINUS_ONE, high: ONE })
  const sum = decades.reduce((total, { bins }) => total + shareIn(some, bins), 0)
  expect([decades.at(0)?.text, decades.at(-1)?.text, sum]).toEqual(['−10¹…−1', '1…10¹', 1])
})

test('half of the numbers that are not zero lie below the median magnitude', () => {
  // Four numbers in the half decade from 1 on: the second of them ends at a quarter of a decade.
  expect(medianMagnitude(some)).toBeCloseTo(10 ** 0.25)
  expect(medianMagnitude(histogram(1, { [HISTOGRAM_ZERO]: 9 }))).toBeNaN()
})

test('a picture has a column for each measurement and a mark where something was not finite', () => {
  const pen = svgPen('sans', (colour) => colour)
  const ink = { font: 'sans', text: 't', soft: 's', faint: 'f', grid: 'g', surface: 'u' }
  const colours = { change: 'bin', trouble: 'odd', second: '2', good: 'o', info: 'i', warning: 'w' }
  const view = { from: 1, to: 100, histograms: [some, histogram(50, { [ONE]: 1 })] }
  paintHistograms(pen, view, { ...ink, ...colours }, { width: 400, height: 200 })
  const svg = new DOMParser().parseFromString(pen.finish(400, 200), 'image/svg+xml')
  const boxes = [...svg.querySelectorAll('path[fill="bin"]')].flatMap((path) =>
    [...(path.getAttribute('d') ?? '').matchAll(/M([\d.]+) /g)].map(([, x]) => Number(x))
  )
  expect([new Set(boxes).size, svg.querySelectorAll('path[stroke="odd"]').length]).toEqual([2, 1])
})
