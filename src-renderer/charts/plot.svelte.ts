import type {
  Chart as AnyChart,
  ChartDataset,
  ChartOptions,
  LinearScaleOptions,
  Plugin,
  Point
} from 'chart.js'
import { untrack } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import type { Axis } from './axis'
import { canvasPen } from './canvas-pen'
import type { Drawing } from './drawing'
import { isSamePlacement, placeFindings, type Placement } from './finding-marks'
import { readInk, type Ink } from './ink'
import { drawBehind, drawInFront, type Scales } from './marks'
import { strokesOf, type Stroke } from './line-strokes'
import { TEXT_SIZE } from './pen'
import { paintPicture } from './paint-picture'
import { AXIS_WIDTH, bottomRoom, endsOf, FAINT, type Line, type Picture, type PlotArea } from './picture'
import { Chart } from './register'

type LineChart = AnyChart<'line', Point[]>

/** What is drawn at present; asked at every draw. */
interface Scene {
  picture: Picture
  ink: Ink
}

/** A drawing of a picture: on the screen by chart.js, which only ever sees points that were reduced before. */
export const pictureDrawing = (picture: (width: number, ink: Ink) => Picture): Drawing => ({
  attach: (onplace) => attachPlot(picture, onplace),
  paint: (pen, size, ink) => paintPicture(pen, picture(size.width - 2 * AXIS_WIDTH, ink), ink, size)
})

const attachPlot =
  (
    picture: (width: number, ink: Ink) => Picture,
    onplace: (placement: Placement) => void
  ): Attachment<HTMLCanvasElement> =>
  (canvas) => {
    let scene: Scene | undefined
    const chart: LineChart = new Chart<'line', Point[]>(canvas, {
      type: 'line',
      data: { datasets: [] },
      options: {
        ...fixedOptions,
        onResize: () => queueMicrotask(() => untrack(draw))
      },
      plugins: [marksPlugin(() => scene)]
    })
    let placement: Placement = { left: 0, right: 0, top: 0, bottom: 0 }

    function draw(): void {
      if (!chart.ctx) return
      const ink = readInk(canvas.parentElement ?? canvas)
      const width = Math.max(chart.width - 2 * AXIS_WIDTH, 100)
      scene = { picture: picture(width, ink), ink }
      const { lines, left, right } = scene.picture
      const strokes = strokesOf(lines, { left, right })
      // chart.js knows a line again by its object, and builds everything anew for another one.
      const before = chart.data.datasets
      chart.data.datasets = lines.map((line, index) =>
        Object.assign(before[index] ?? {}, datasetOf(line, strokes[index]))
      )
      // The height is only known once the axes have been laid out.
      if (fit(chart, scene)) fit(chart, scene)
      const placed = { ...areaOf(chart), marks: placeFindings(scene.picture, scalesOf(chart)) }
      if (isSamePlacement(placed, placement)) return
      placement = placed
      untrack(() => onplace(placed))
    }

    $effect(draw)
    return () => chart.destroy()
  }

/** Draws what chart.js has no word for. */
const marksPlugin = (scene: () => Scene | undefined): Plugin<'line'> => ({
  id: 'marks',
  beforeDatasetsDraw: (chart) => withScene(chart as LineChart, scene(), drawBehind),
  afterDatasetsDraw: (chart) => withScene(chart as LineChart, scene(), drawInFront)
})

function withScene(chart: LineChart, scene: Scene | undefined, draw: typeof drawBehind): void {
  if (!scene) return
  chart.ctx.save()
  draw(canvasPen(chart.ctx, scene.ink.font), scene.picture, scene.ink, scalesOf(chart))
  chart.ctx.restore()
}

function scalesOf(chart: LineChart): Scales {
  const { x, left: leftScale, right: rightScale } = chart.scales
  return {
    area: areaOf(chart),
    x: (step) => x.getPixelForValue(step),
    y: (side, value) => (side === 'left' ? leftScale : rightScale).getPixelForValue(value),
    step: (place) => x.getValueForPixel(place) ?? 0
  }
}

function areaOf({ chartArea: { left, right, top, bottom } }: LineChart): PlotArea {
  return { left, right, top, bottom }
}

/** Sets the axes for the plot's present height and draws; answers whether the height changed by that. */
function fit(chart: LineChart, { picture, ink }: Scene): boolean {
  const height = chart.chartArea?.height || 200
  const options = chart.options as ChartOptions<'line'>
  const bottom = bottomRoom(picture)
  const x = axisOptions(options, 'x')
  Object.assign(x, { min: picture.from, max: picture.to, display: picture.showSteps })
  Object.assign(x.ticks, { color: ink.faint, font: fontOf(ink) })
  Object.assign(axisOptions(options, 'left'), sideOptions(picture.left, height, bottom, ink, true))
  Object.assign(axisOptions(options, 'right'), sideOptions(picture.right, height, bottom, ink, false))
  chart.update('none')
  return Math.abs(chart.chartArea.height - height) > 0.5
}

const fontOf = (ink: Ink): { family: string; size: number } => ({ family: ink.font, size: TEXT_SIZE })

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
  const shown = axis ?? { low: 0, high: 1, ticks: [] }
  const texts = new Map(shown.ticks.map(({ value, text }) => [value, text]))
  return {
    ...endsOf(shown, height, bottom),
    afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
      scale.ticks = shown.ticks.map(({ value }) => ({ value }))
    },
    ticks: {
      color: ink.faint,
      font: fontOf(ink),
      padding: 6,
      autoSkip: false,
      callback: (value: number | string) => texts.get(Number(value)) ?? ''
    },
    grid: { display: grid, color: ink.grid, drawTicks: false }
  }
}

const datasetOf = (
  { points, colour, side, faint }: Line,
  { width, dash }: Stroke
): ChartDataset<'line', Point[]> => ({
  // chart.js leaves a gap at null, though its types do not say so; it need not watch what cannot grow.
  data: Object.preventExtensions(points as Point[]),
  borderColor: faint ? `color-mix(in oklab, ${colour} ${FAINT * 100}%, transparent)` : colour,
  borderWidth: width,
  borderDash: dash,
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
