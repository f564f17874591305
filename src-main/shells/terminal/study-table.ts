import { spreadOf, type Spread } from '#contract/spread'
import type { StudyCell, StudyResult, StudyRun } from '#contract/study'
import { percent } from './numbers'
import type { Output } from './output'
import { tableLines } from './width'

/** What is measured of every run of a cell, as mean and spread over its seeds; absent where no run has it. */
export const meansOf = ({ runs }: StudyCell): Partial<Record<Measure, Spread>> =>
  Object.fromEntries(
    (Object.keys(measures) as Measure[]).flatMap((name) => {
      const spread = spreadOf(runs.flatMap((run) => measures[name](run) ?? []))
      return spread ? [[name, spread]] : []
    })
  )

const measures = {
  trainLoss: ({ train }: StudyRun) => train?.loss,
  trainAccuracy: ({ train }: StudyRun) => train?.accuracy,
  testLoss: ({ test }: StudyRun) => test?.loss,
  testAccuracy: ({ test }: StudyRun) => test?.accuracy,
  testError: ({ test }: StudyRun) => test?.mae,
  // The guard stops a run after its first steps, in which it was compiled.
  stepMilliseconds: (run: StudyRun) => (run.stopped === 'guard' ? undefined : run.stepMilliseconds),
  stepRatio: (run: StudyRun) => run.stepRatio,
  firstGradient: ({ firstGradient }: StudyRun) => firstGradient.at(0),
  multiplier: (run: StudyRun) => run.multiplier
} as const
/** A number of each run. */
export type Measure = keyof typeof measures

const SHARES: readonly Measure[] = ['trainAccuracy', 'testAccuracy']

/** One table with a row for each cell: mean ± standard deviation of what any of them has, and what was found. */
export function studyTable({ say }: Output, { study, cells, made }: StudyResult): string[] {
  const means = cells.map(meansOf)
  const columns = (Object.keys(measures) as Measure[]).filter((name) => means.some((each) => each[name]))
  const hasTheory = cells.some(({ theoreticalMultiplier }) => theoreticalMultiplier !== undefined)
  const rows = cells.map((cell, index) => [
    ...study.vary.map(({ name }) => cell.labels[name]),
    ...columns.map((name) => showSpread(means[index][name], SHARES.includes(name))),
    ...(hasTheory ? [showNumber(cell.theoreticalMultiplier)] : []),
    findingsOf(cell)
      .map(([kind, count]) => `${say(`finding.kind.${kind}`)} ${count}/${cell.runs.length}`)
      .join(', ')
  ])
  const head = [
    ...study.vary.map(({ name }) => name),
    ...columns.map((name) => say(`terminal.study.${name}`)),
    ...(hasTheory ? [say('terminal.study.theory')] : []),
    say('terminal.study.findings')
  ]
  const { engine, library, threads, processor } = made
  return [
    ...tableLines([head, ...rows]),
    '',
    say('terminal.study.made', { engine, library, threads, processor })
  ]
}

/** In how many runs of a cell each kind was found, causes first as they stand there. */
function findingsOf({ runs }: StudyCell): [kind: StudyRun['findings'][number], count: number][] {
  const kinds = [...new Set(runs.flatMap(({ findings }) => findings))]
  return kinds.map((kind) => [kind, runs.filter(({ findings }) => findings.includes(kind)).length])
}

const DIGITS = 3
/** Numbers that are written without an exponent. */
const SMALLEST = 1e-4
const LARGEST = 1e6

function showSpread(spread: Spread | undefined, isShare: boolean): string {
  if (!spread) return '–'
  const { count, mean, deviation } = spread
  if (isShare) return count > 1 ? `${percent(mean, 1)} ± ${percent(deviation, 1)} %` : `${percent(mean, 1)} %`
  return count > 1 ? `${showNumber(mean)} ± ${showNumber(deviation, 2)}` : showNumber(mean)
}

const showNumber = (value: number | undefined, digits = DIGITS): string => {
  if (value === undefined) return '–'
  if (!Number.isFinite(value) || value === 0) return String(value)
  const isReadable = Math.abs(value) >= SMALLEST && Math.abs(value) < LARGEST
  return isReadable ? String(Number(value.toPrecision(digits))) : value.toExponential(digits - 1)
}
