import type { ChartDataset, ChartOptions, LinearScaleOptions, Point } from 'chart.js'
import { untrack } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import type { Axis } from './axis'
import { readInk, type Ink } from './ink'
import { marksPlugin, type Scene } from './marks'
import {
  GUTTER_GAP,
  GUTTER_STRIP,
  ODD_STRIP,
  TICK_STRIP,
  type Line,
  type Picture,
  type PlotArea
} from './picture'
import { Chart } from './register'

/** Room for the texts of both axes in CSS pixels, always the same, so that charts above each other line up. */
const AXIS_WIDTH = 44

export interface PlotOptions {
  /** What to draw on a plot of this width in CSS pixels. What it reads and is reactive makes the plot draw again. */
  picture(width: number, ink: Ink): Picture
  /** Called when the plot's place inside its canvas is another. */
  onarea(area: PlotArea): void
}

/** Draws pictures on a canvas with chart.js, which only ever sees points that were reduced before. */
export const plot =
  ({ picture, onarea }: PlotOptions): Attachment<HTMLCanvasElement> =>
  (canvas) => {
    let scene: Scene | undefined
    const chart = new Chart<'line', Point[]>(canvas, {
      type: 'line',
      data: { datasets: [] },
      options: { ...fixedOptions, onResize: () => queueMicrotask(() => untrack(draw)) },
      plugins: [marksPlugin(() => scene)]
    })
    let area: PlotArea = { left: 0, right: 0, top: 0, bottom: 0 }

    function draw(): void {
      if (!chart.ctx) return
      const ink = readInk(canvas.parentElement ?? canvas)
      const width = Math.max(canvas.clientWidth - 2 * AXIS_WIDTH, 100)
      scene = { picture: picture(width, ink), ink }
      chart.data.datasets = scene.picture.lines.map(datasetOf)
      // The height is only known once the axes have been laid out.
      if (fit(chart, scene)) fit(chart, scene)
      const { left, right, top, bottom } = chart.chartArea
      if (left === area.left && right === area.right && top === area.top && bottom === area.bottom) return
      area = { left, right, top, bottom }
      untrack(() => onarea(area))
    }

    $effect(draw)
    return () => chart.destroy()
  }

/** Sets the axes for the plot's present height and draws; answers whether the height changed by that. */
function fit(chart: Chart<'line', Point[]>, { picture, ink }: Scene): boolean {
  const height = chart.chartArea?.height || 200
  const options = chart.options as ChartOptions<'line'>
  const bottom = picture.gutter ? GUTTER_GAP + GUTTER_STRIP + TICK_STRIP : 0
  const x = axisOptions(options, 'x')
  Object.assign(x, { min: picture.from, max: picture.to, display: picture.showSteps })
  Object.assign(x.ticks, { color: ink.faint })
  Object.assign(axisOptions(options, 'left'), sideOptions(picture.left, height, bottom, ink, true))
  Object.assign(axisOptions(options, 'right'), sideOptions(picture.right, height, bottom, ink, false))
  chart.update('none')
  return Math.abs(chart.chartArea.height - height) > 0.5
}

const axisOptions = (options: ChartOptions<'line'>, name: 'x' | 'left' | 'right'): LinearScaleOptions =>
  options.scales?.[name] as LinearScaleOptions

/** Options of a vertical axis whose numbers keep clear of the strips for zeros, ticks and odd values. */
function sideOptions(
  axis: Axis | undefined,
  height: number,
  bottom: number,
  ink: Ink,
  grid: boolean
): object {
  const { low, high, ticks } = axis ?? { low: 0, high: 1, ticks: [] }
  const perPixel = (high - low) / Math.max(height - bottom - ODD_STRIP, 40)
  const texts = new Map(ticks.map(({ value, text }) => [value, text]))
  return {
    min: low - perPixel * bottom,
    max: high + perPixel * ODD_STRIP,
    afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
      scale.ticks = ticks.map(({ value }) => ({ value }))
    },
    ticks: {
      color: ink.faint,
      padding: 6,
      autoSkip: false,
      callback: (value: number | string) => texts.get(Number(value)) ?? ''
    },
    grid: { display: grid, color: ink.grid, drawTicks: false }
  }
}

const datasetOf = ({ points, colour, width, dash, side }: Line): ChartDataset<'line', Point[]> => ({
  // chart.js leaves a gap at null, though its types do not say so.
  data: points as Point[],
  borderColor: colour,
  borderWidth: width,
  borderDash: dash ?? [],
  yAxisID: side,
  pointRadius: 0,
  normalized: true
})

const writeStep = (value: number | string): string =>
  Number.isInteger(Number(value)) ? Number(value).toLocaleString('en') : ''

const side = (position: 'left' | 'right'): object => ({
  type: 'linear',
  position,
  border: { display: false },
  afterFit: (scale: { width: number }) => {
    scale.width = AXIS_WIDTH
  }
})

const fixedOptions = {
  responsive: true,
  maintainAspectRatio: false,
  animation: false,
  parsing: false,
  events: [],
  layout: { padding: 0 },
  scales: {
    x: {
      type: 'linear',
      border: { display: false },
      grid: { display: false },
      ticks: { includeBounds: false, maxRotation: 0, autoSkipPadding: 24, precision: 0, callback: writeStep }
    },
    left: side('left'),
    right: side('right')
  }
} satisfies ChartOptions<'line'>
