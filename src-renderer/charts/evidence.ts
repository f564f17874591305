import type { Finding } from '#contract/health'
import { columnOf, layerColumnOf } from '#contract/step-rows'
import { scaleFor, type Axis } from './axis'
import { HEALTHY_RATIO, ratioTrack } from './ratio'
import type { Columns, LinePoint, Track } from './reduce'

/** What shows a finding: the course of a number over the steps around it, all layers by depth, or numbers beside each other. */
export type EvidenceForm = 'loss' | 'gradient' | 'ratio' | 'depth' | 'numbers'

/** Names of numbers that a finding is shown by. */
export const evidenceNames = [
  'loss',
  'usual',
  'best',
  'guess',
  'train',
  'other',
  'gradient',
  'share',
  'ratio',
  'limit',
  'rate',
  'scale',
  'weight',
  'value',
  'outputs',
  'layers'
] as const
/** Name of a number that a finding is shown by. */
export type EvidenceName = (typeof evidenceNames)[number]
/** The same with those that the product compares with. */
export type LevelName = EvidenceName | 'healthy' | 'expected'

/** A number over the steps around a finding, with what it is compared with. */
export interface EvidenceCourse {
  shape: 'course'
  of: 'loss' | 'gradient' | 'ratio'
  from: number
  to: number
  /** The step of the finding. */
  step: number
  axis: Axis
  /** The least and the largest number among those that are finite. */
  low: number
  high: number
  /** Heights on the axis; null where there is no number. */
  points: LinePoint[]
  /** Steps at which the number is not finite. */
  odd: number[]
  levels: { name: LevelName; value: number; height: number }[]
}

/** Numbers beside each other. */
export interface EvidenceBars {
  shape: 'bars'
  axis: Axis
  bars: {
    /** What it is, or the name of a layer. */
    name: { level: LevelName } | { layer: string }
    value: number
    /** On the axis; absent for a zero on a logarithmic one and for what is not finite. */
    height?: number
    /** The one that the finding speaks of. */
    isMeant: boolean
  }[]
}

/** What shows a finding. */
export type EvidencePicture = EvidenceCourse | EvidenceBars

/** What a picture of evidence is made of. */
export interface EvidenceView {
  form: EvidenceForm
  evidence: Finding['evidence']
  columns: Columns
  step: number
  /** Names of the trainable layers, in the order of the columns. */
  layers: readonly string[]
  layer: string | undefined
}

/** Steps that are shown before and behind the one of a finding. */
const BEFORE_STEPS = 40
const BEHIND_STEPS = 20
/** Strides of a linear axis: enough for so small a picture. */
const STRIDES = 2

/** Draws what shows a finding; undefined where it is no more than single numbers, or nothing is stored of its steps. */
export function evidencePicture(view: EvidenceView): EvidencePicture | undefined {
  if (view.form === 'depth') return depthBars(view)
  if (view.form === 'numbers') return numberBars(view.evidence)
  return courseOf(view, view.form)
}

function courseOf(view: EvidenceView, of: EvidenceCourse['of']): EvidenceCourse | undefined {
  const { columns, evidence } = view
  const step = Math.max(view.step, 1)
  const [from, to] = [Math.max(step - BEFORE_STEPS, 1), step + BEHIND_STEPS]
  const values: { step: number; value: number }[] = []
  const read = readerOf(view, of)
  for (let point = Math.max(columns.find(from), 0); point < columns.count; point++) {
    const at = columns.firsts[point]
    if (at > to) break
    if (at >= from) values.push({ step: at, value: read(point) })
  }
  if (values.length < 2) return undefined
  const levels: { name: LevelName; value: number }[] = (['usual', 'best', 'guess'] as const)
    .map((name) => ({ name, value: evidence[name] }))
    .filter(({ value }) => Number.isFinite(value))
  if ('limit' in evidence) levels.push({ name: 'limit', value: evidence.limit })
  else if (of === 'ratio') {
    const { low, high } = HEALTHY_RATIO
    levels.push({ name: 'healthy', value: evidence.ratio < low ? low : high })
  }
  const finite = values.map(({ value }) => value).filter((value) => Number.isFinite(value))
  const numbers = [...finite, ...levels.map(({ value }) => value)].filter((value) => Number.isFinite(value))
  const scale = scaleFor(numbers, of !== 'loss', STRIDES)
  return {
    shape: 'course',
    of,
    from,
    to: Math.min(to, values[values.length - 1].step),
    step,
    axis: scale.axis,
    low: Math.min(...finite),
    high: Math.max(...finite),
    points: values.map(({ step: x, value }) => ({ x, y: scale.height(value) ?? null })),
    odd: values.filter(({ value }) => !Number.isFinite(value)).map(({ step: at }) => at),
    levels: levels.flatMap((level) => {
      const height = scale.height(level.value)
      return height === undefined ? [] : [{ ...level, height }]
    })
  }
}

/** Reads the number that a course is of at a point: of the layer, or, without one, the largest of all. */
function readerOf(
  { columns, layers, layer }: EvidenceView,
  of: EvidenceCourse['of']
): (point: number) => number {
  const column = (at: number): ((point: number) => number) => {
    const values = columns.maxima[at] ?? []
    return (point) => values[point] ?? NaN
  }
  if (of === 'loss') return column(columnOf('loss'))
  if (of === 'gradient') return column(columnOf('gradientBefore'))
  const place = layers.indexOf(layer ?? '')
  const tracks: Track[] = (place < 0 ? [...layers.keys()] : [place]).map((at) => ratioTrack(columns, at))
  return (point) =>
    Math.max(...tracks.filter((track) => !track.absent?.(point)).map((track) => track.largest(point)))
}

function depthBars({ columns, step, layers, layer }: EvidenceView): EvidenceBars | undefined {
  const point = columns.find(Math.max(step, 1))
  if (point < 0 || layers.length < 2) return undefined
  const values = layers.map((_, at) => columns.maxima[layerColumnOf(at, 'gradientBefore')]?.[point] ?? NaN)
  return barsOf(
    values.map((value, at) => ({ name: { layer: layers[at] }, value, isMeant: layers[at] === layer })),
    true
  )
}

function numberBars(evidence: Finding['evidence']): EvidenceBars | undefined {
  const names = ['loss', 'train', 'other', 'scale', 'usual', 'best', 'guess'] as const
  const bars = names
    .filter((name) => name in evidence)
    .map((name, index) => ({
      name: { level: name as LevelName },
      value: evidence[name],
      isMeant: index === 0
    }))
  // Networks are made for numbers around 1.
  if ('scale' in evidence) bars.push({ name: { level: 'expected' }, value: 1, isMeant: false })
  return bars.length < 2 ? undefined : barsOf(bars, false)
}

function barsOf(bars: EvidenceBars['bars'], logarithmic: boolean): EvidenceBars {
  const numbers = bars.map(({ value }) => value).filter((value) => Number.isFinite(value))
  const { axis, height } = scaleFor(logarithmic ? numbers : [0, ...numbers], logarithmic, STRIDES)
  return {
    shape: 'bars',
    axis,
    bars: bars.map((bar) => {
      const at = height(bar.value)
      return at === undefined ? bar : { ...bar, height: at }
    })
  }
}
