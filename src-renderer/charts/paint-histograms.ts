import { HISTOGRAM_NOT_FINITE, HISTOGRAM_ZERO } from '#contract/measures'
import { binEdges, countFinite, usedBins, type StepHistogram } from './histograms'
import type { Ink } from './ink'
import { drawOddity } from './marks'
import { paintSteps, STEPS_HEIGHT } from './paint-picture'
import type { Box, Pen } from './pen'
import { AXIS_WIDTH, ODD_STRIP, type PlotArea, type Size } from './picture'

/** What is painted: the steps in view, and histograms in the order of their steps. */
export interface HistogramPainting {
  from: number
  to: number
  histograms: readonly StepHistogram[]
}

/** Columns narrower than this, in CSS pixels, show one of several measurements. */
const COLUMN = 3
const TEXT_APART = 13
/** Shades of a bin, from hardly any elements to most of them. */
const SHADES = 12

/**
 * Draws histograms over the steps: a column for each measurement, the least values below, and the shade of a bin says how
 * large its share is. Zero has a line of its own. Answers with the place of its cells.
 */
export function paintHistograms(
  pen: Pen,
  { from, to, histograms }: HistogramPainting,
  ink: Ink,
  { width, height }: Size
): PlotArea {
  const area = {
    left: AXIS_WIDTH,
    right: width - AXIS_WIDTH,
    top: 4 + ODD_STRIP,
    bottom: height - STEPS_HEIGHT
  }
  const x = (step: number): number =>
    area.left + ((step - from) / Math.max(to - from, 1)) * (area.right - area.left)
  const shown = columnsIn(histograms, from, to, x)
  const range = usedBins(shown)
  const perBin = (area.bottom - area.top) / (range.high + 1 - range.low)
  const y = (edge: number): number => area.bottom - (edge - range.low) * perBin

  const boxes = Array.from({ length: SHADES + 1 }, (): Box[] => [])
  shown.forEach((histogram, index) => {
    const left = Math.max(x(histogram.step), area.left)
    const right = Math.min(x(shown[index + 1]?.step ?? to), area.right)
    const finite = countFinite(histogram)
    for (let bin = range.low; bin <= range.high; bin++) {
      const share = histogram.counts[bin] / finite
      if (!(share > 0)) continue
      // The root shows small shares beside large ones.
      const shade = Math.ceil(Math.sqrt(Math.min(share * 3, 1)) * SHADES)
      boxes[shade].push({ x: left, y: y(bin + 1), width: Math.max(right - left, 1), height: perBin })
    }
  })
  pen.within(area, () => boxes.forEach((same, shade) => pen.boxes(same, ink.change, shade / SHADES)))

  let free = area.bottom + TEXT_APART
  for (const { edge, text } of binEdges(range).sort((a, b) => a.edge - b.edge)) {
    const at = y(edge)
    const isZero = edge === HISTOGRAM_ZERO + 0.5
    if (isZero)
      pen.line(
        [
          { x: area.left, y: at },
          { x: area.right, y: at }
        ],
        { colour: ink.faint, width: 1, dash: [1, 3] }
      )
    if (!isZero && (free - at < TEXT_APART || Math.abs(at - y(HISTOGRAM_ZERO + 0.5)) < TEXT_APART)) continue
    free = at
    pen.write(text, { x: area.left - 6, y: at }, { colour: ink.faint, align: 'right' })
  }
  for (const { step, counts } of shown)
    if (counts[HISTOGRAM_NOT_FINITE] > 0)
      drawOddity(pen, 'nan', { x: x(step), y: area.top - ODD_STRIP / 2 }, ink.trouble, ink.surface)
  paintSteps(pen, { from, to }, area, ink)
  return area
}

/** The histograms in view, no more than there are columns. */
function columnsIn(
  histograms: readonly StepHistogram[],
  from: number,
  to: number,
  x: (step: number) => number
): StepHistogram[] {
  const first = histograms.findLastIndex(({ step }) => step <= from)
  const shown: StepHistogram[] = []
  let last = -Infinity
  for (const histogram of histograms.slice(Math.max(first, 0))) {
    if (histogram.step > to) break
    const place = x(histogram.step)
    if (place - last < COLUMN) continue
    last = place
    shown.push(histogram)
  }
  return shown
}
