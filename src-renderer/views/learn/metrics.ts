import type { Score } from '#contract/run'
import { spreadOf, type Spread } from '#contract/spread'
import type { StudyRun } from '#contract/study'
import { factorLevel } from '../../charts/diverging'
import { writeLoss, writeNorm, writeShare } from '../../components/numbers'
import type { Cell } from './cells'

/** What can be drawn of a cell. */
export const metrics = [
  'multiplier',
  'theory',
  'agreement',
  'firstLayer',
  'testAccuracy',
  'testLoss',
  'trainAccuracy',
  'trainLoss',
  'stepRatio'
] as const
/** A number that can be drawn of a cell. */
export type Metric = (typeof metrics)[number]

/** How the numbers of a metric lie: factors around 1, shares between 0 and 1, losses and norms above 0. */
export type Kind = 'factor' | 'share' | 'loss' | 'norm'
const kinds: Record<Metric, Kind> = {
  multiplier: 'factor',
  theory: 'factor',
  agreement: 'factor',
  firstLayer: 'norm',
  testAccuracy: 'share',
  testLoss: 'loss',
  trainAccuracy: 'share',
  trainLoss: 'loss',
  stepRatio: 'factor'
}
/** How the numbers of a metric lie. */
export const kindOf = (metric: Metric): Kind => kinds[metric]

/** A number of the cell over its seeds; undefined where there is none. */
export function spreadIn(cell: Cell, metric: Metric): Spread | undefined {
  if (metric === 'theory') return cell.theory === undefined ? undefined : spreadOf([cell.theory])
  const numbers = cell.runs.map((run) => numberIn(run, metric, cell.theory))
  return spreadOf(numbers.filter((number) => number !== undefined))
}

function numberIn(
  run: StudyRun,
  metric: Exclude<Metric, 'theory'>,
  theory: number | undefined
): number | undefined {
  const { multiplier } = run
  switch (metric) {
    case 'multiplier':
      return multiplier
    case 'agreement':
      return multiplier === undefined || theory === undefined ? undefined : multiplier / theory
    case 'firstLayer':
      return run.firstGradient[0]
    case 'stepRatio':
      return run.stepRatio
    case 'trainAccuracy':
    case 'trainLoss':
      return scoreNumber(run.train, metric)
    case 'testAccuracy':
    case 'testLoss':
      return scoreNumber(run.test, metric)
  }
}

const scoreNumber = (score: Score | undefined, metric: Metric): number | undefined =>
  kindOf(metric) === 'share' ? score?.accuracy : score?.loss

const writers: Record<Kind, (value: number) => string> = {
  factor: (value) => writeFactor(value),
  share: writeShare,
  loss: writeLoss,
  norm: writeNorm
}

/** A number of a metric in words. */
export function writeMetric(metric: Metric, value: number): string {
  return writers[kindOf(metric)](value)
}

/** A factor such as ×0.237, or with an exponent where it is far from 1. */
export const writeFactor = (value: number, digits = 3): string => `×${writeBare(value, digits)}`

/** The same without the sign, for narrow places. */
export function writeBare(value: number, digits: number): string {
  if (!Number.isFinite(value) || value === 0) return writeNorm(value)
  const magnitude = Math.abs(value)
  return magnitude >= 0.01 && magnitude < 1000
    ? value.toPrecision(digits)
    : value.toExponential(digits - 1).replace('e+', 'e')
}

/** Mean and deviation, such as 92.14% ± 0.31%; the mean alone of a single number. */
export function writeSpread(metric: Metric, spread: Spread | undefined): string {
  if (!spread) return '–'
  const mean = writeMetric(metric, spread.mean)
  if (spread.count < 2 || !Number.isFinite(spread.deviation)) return mean
  const kind = kindOf(metric)
  const deviation =
    kind === 'factor' || kind === 'loss'
      ? writeLike(mean, spread.deviation)
      : writeMetric(metric, spread.deviation)
  return `${mean} ± ${deviation}`
}

/** A deviation with as many decimals as its mean. */
function writeLike(mean: string, deviation: number): string {
  const [, decimals = ''] = mean.split('.')
  return mean.includes('e') ? writeBare(deviation, 2) : deviation.toFixed(decimals.length)
}

/** A number as it fits into a cell of the map. */
export function writeInMap(metric: Metric, value: number, wide: boolean): string {
  const kind = kindOf(metric)
  if (kind === 'share') return Number.isFinite(value) ? (value * 100).toFixed(wide ? 2 : 0) : writeNorm(value)
  if (kind === 'norm' && value !== 0 && Number.isFinite(value))
    return value.toExponential(wide ? 2 : 0).replace('e+', 'e')
  return value >= 0.01 && value < 10 ? value.toFixed(wide ? 3 : 2) : writeBare(value, 2)
}

/** The range of a metric over cells; shares always span all that there are. */
export function rangeOf(metric: Metric, cells: readonly Cell[]): { low: number; high: number } {
  if (kindOf(metric) === 'share') return { low: 0, high: 1 }
  const means = cells
    .map((cell) => spreadIn(cell, metric)?.mean ?? NaN)
    .filter((mean) => Number.isFinite(mean) && mean > 0)
  return { low: Math.min(...means), high: Math.max(...means) }
}

/** A cell of the map. */
export interface Shade {
  /** Level on the diverging scale; only for factors. */
  level?: number
  /** From 0 to 1; for shares and losses. */
  share?: number
}

/** How a number is coloured; undefined for what is no number. `range` spans all cells on the map. */
export function shadeOf(
  metric: Metric,
  value: number,
  range: { low: number; high: number }
): Shade | undefined {
  if (!Number.isFinite(value)) return undefined
  if (kindOf(metric) === 'factor')
    return { level: value > 0 ? factorLevel(value) : factorLevel(Number.MIN_VALUE) }
  if (kindOf(metric) === 'share') return { share: value }
  const [low, high] = [Math.log(range.low), Math.log(range.high)]
  return { share: high > low ? Math.max(0, (Math.log(value) - low) / (high - low)) : 0 }
}

/** Says in one character where a factor stands: shrinking, steady or growing; empty for other metrics. */
export function glyphOf(metric: Metric, value: number): '' | '↓' | '↑' | '=' {
  if (kindOf(metric) !== 'factor' || !Number.isFinite(value)) return ''
  const level = factorLevel(value)
  return level < 0 ? '↓' : level > 0 ? '↑' : '='
}
