import { basename } from 'node:path'
import type { DataFinding } from '#contract/dataset'
import { Failure } from '#contract/failure'
import { EXAMPLES, named, nameIn, shorten } from '../../inspection/finding'
import type { DatasetHandle, Source } from '../../reader'
import { planColumns, type ColumnPlan } from './columns'
import { describeColumn, fillPart, isUsed, type Fault, type FilledPart, type UsedColumn } from './fill'
import type { RawTable } from './raw-table'
import { planTarget } from './target'

/** Columns whose flaws are told one by one; a table may have thousands. */
const COLUMNS_TOLD = 10

/** What a table is for. */
export interface TableAim {
  source: Source
  /** Name of the target's column. */
  target: string
  task?: 'classification' | 'regression'
  /** Shape of a sample where its values are no columns of their own. */
  featureShape?: number[]
}

/**
 * A dataset from the tables of its parts, with findings about columns and rows.
 * @throws Failure `data.empty`, `data.table.noFeatures`, and those of the target
 */
export function datasetFrom(aim: TableAim, train: RawTable, test: RawTable | undefined): DatasetHandle {
  const tables = test ? [train, test] : [train]
  for (const { path, rows } of tables) if (rows === 0) throw new Failure('data.empty', { path })
  const target = planTarget(train.content, tables, aim.target, aim.task)
  const plans = planColumns(train.content, tables)
  const columns = plans.filter(isUsed)
  if (columns.length === 0)
    throw new Failure('data.table.noFeatures', { path: train.path, columns: shorten(train.content.names) })
  if (aim.featureShape && columns.length < plans.length)
    throw new Failure('data.table.noFeatures', {
      path: train.path,
      columns: shorten(plans.filter((plan) => !isUsed(plan)).map(({ name }) => name))
    })
  const filled = tables.map((table) => fillPart(table, columns, target, basename(table.path)))
  filled.forEach(({ samples }, index) => {
    if (samples.count === 0) throw new Failure('data.empty', { path: tables[index].path })
  })
  const { classes } = target
  return {
    name: basename(train.path),
    source: aim.source,
    featureShape: aim.featureShape ?? [columns.length],
    ...(!aim.featureShape && {
      columns: columns.map((column, place) =>
        describeColumn(
          column,
          filled.map(({ found }) => found[place])
        )
      )
    }),
    target: aim.target,
    ...(classes ? { classes } : { targetSize: 1 }),
    train: filled[0].samples,
    ...(test && { test: filled[1].samples }),
    findings: [
      ...filled.flatMap((part, index) =>
        describeTargets(index === 0 ? 'train' : 'test', part, aim.target, tables[index])
      ),
      ...(aim.featureShape
        ? []
        : filled.flatMap((part, index) => describeFlaws(index === 0 ? 'train' : 'test', columns, part))),
      ...(aim.featureShape ? [] : describeUseless(columns, filled)),
      ...describeUnused(plans)
    ]
  }
}

/** Rows that are left out because of their targets. */
function describeTargets(
  part: 'train' | 'test',
  { withoutTarget, samples }: FilledPart,
  target: string,
  table: RawTable
): DataFinding[] {
  const lines = withoutTarget.first.map((line) => `${basename(table.path)}:${line}`)
  const total = samples.count + withoutTarget.count
  return named(
    { kind: 'badLabel', severity: 'warning', part, key: 'data.table.badLabel' },
    lines,
    { target, total },
    withoutTarget.count
  )
}

/** Values that are not there, no numbers, or not finite, for each column. */
function describeFlaws(
  part: 'train' | 'test',
  columns: readonly UsedColumn[],
  { found, samples }: FilledPart
): DataFinding[] {
  const keys = {
    missing: 'data.table.missing',
    notANumber: 'data.table.notANumber',
    nonFinite: 'data.table.nonFinite'
  } as const
  return (Object.keys(keys) as Fault[]).flatMap((fault) => {
    const faulty = columns.flatMap(({ name, kind }, place) => {
      const flaw = found[place].flaws[fault]
      const key = kind === 'category' ? 'data.table.missingCategory' : keys[fault]
      return flaw.count > 0 ? [{ name, flaw, key } as const] : []
    })
    const told = faulty.slice(0, COLUMNS_TOLD).flatMap(({ name, flaw, key }): DataFinding[] => {
      const [finding] = named(
        { kind: fault, severity: 'error', part, key },
        flaw.first.map((row) => nameIn(samples, row)),
        { column: name, total: samples.count },
        flaw.count
      )
      return [{ ...finding, examples: flaw.first.slice(0, EXAMPLES) }]
    })
    const rest = faulty.slice(COLUMNS_TOLD).map(({ name }) => name)
    return [...told, ...named({ kind: fault, severity: 'error', part, key: 'data.table.moreColumns' }, rest)]
  })
}

/** Columns that tell nothing: with one value throughout, or that count the rows. */
function describeUseless(columns: readonly UsedColumn[], filled: readonly FilledPart[]): DataFinding[] {
  const names = (isUseless: (part: FilledPart, place: number) => boolean): string[] =>
    columns.filter((_, place) => filled.every((part) => isUseless(part, place))).map(({ name }) => name)
  const smallest = (place: number): number => Math.min(...filled.map(({ found }) => found[place].smallest))
  const constant = names((part, place) => part.found[place].largest === smallest(place))
  const counting = names(
    ({ found, samples }, place) =>
      columns[place].kind === 'number' && found[place].counts && samples.count > 2
  )
  return [
    ...named(
      { kind: 'constantColumn', severity: 'warning', part: 'train', key: 'data.table.constant' },
      constant
    ),
    ...named(
      { kind: 'identifierColumn', severity: 'warning', part: 'train', key: 'data.table.identifier' },
      counting
    )
  ]
}

/** Columns that are left out. */
function describeUnused(plans: readonly ColumnPlan[]): DataFinding[] {
  const of = (kind: ColumnPlan['kind']): string[] =>
    plans.filter((plan) => plan.kind === kind).map(({ name }) => name)
  const about = { kind: 'skipped', severity: 'warning', part: 'train' } as const
  return [
    ...named({ ...about, key: 'data.table.skipped.date' }, of('date')),
    ...named({ ...about, key: 'data.table.skipped.text' }, of('text')),
    ...named({ ...about, key: 'data.table.skipped.empty' }, of('empty'))
  ]
}
