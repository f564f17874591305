import { basename } from 'node:path'
import type { DataFinding } from '#contract/dataset'
import { Failure } from '#contract/failure'
import { named } from '../inspection/finding'
import type { Reader, ReadingProgress, SourceOf } from '../reader'
import { datasetFrom } from './table/dataset'
import { dialectOf, eachRow } from './table/csv-rows'
import type { Dialect } from './table/dialect'
import { note, type Flaw } from './table/fill'
import { createContent, createTable, type RawTable, type TableContent } from './table/raw-table'
import { findTarget } from './table/target'

/** Delimited text: columns of numbers and categories, one of which is the target. */
export const csv: Reader<'csv'> = {
  name: 'csv',
  match: ({ path, entries }) =>
    Promise.resolve(!entries && /\.(csv|tsv)$/i.test(path) ? { use: 'csv', path } : undefined),
  files: ({ path, testPath }) => [path, testPath].filter((each) => each !== undefined),

  async open(source, progress) {
    const { path, testPath } = source
    const dialect = await dialectOf(path, source)
    const target = findTarget(path, dialect.names, source.target ?? dialect.names.length - 1)
    const ignored = (source.ignore ?? []).map((name) => findTarget(path, dialect.names, name))
    const used = dialect.names.map((_, at) => at).filter((at) => at !== target && !ignored.includes(at))
    const content = createContent(used.map((at) => dialect.names[at]))
    const plan = { content, used, target }
    const train = await readRows(path, dialect, plan, progress)
    const test =
      testPath === undefined ? undefined : await readTest(testPath, source, dialect, plan, progress)
    const handle = datasetFrom(
      { source, target: dialect.names[target], task: source.task },
      train.table,
      test?.table
    )
    const ragged = [
      ...describeRagged('train', path, dialect, train),
      ...(test && testPath ? describeRagged('test', testPath, dialect, test) : [])
    ]
    return { ...handle, findings: [...ragged, ...(handle.findings ?? [])] }
  }
}

/** Which fields of a row are features, and which one is the target. */
interface RowPlan {
  content: TableContent
  used: readonly number[]
  target: number
}
interface ReadRows {
  table: RawTable
  /** Lines whose number of fields is another. */
  ragged: Flaw
}

/** @throws Failure `data.csv.otherColumns` where the test file has other columns */
async function readTest(
  path: string,
  source: SourceOf<'csv'>,
  { names }: Dialect,
  plan: RowPlan,
  progress?: ReadingProgress
): Promise<ReadRows> {
  const own = await dialectOf(path, source)
  if (own.names.join('\0') !== names.join('\0'))
    throw new Failure('data.csv.otherColumns', {
      path: source.path,
      names: names.join(', '),
      testPath: path,
      testNames: own.names.join(', ')
    })
  return readRows(path, own, plan, progress)
}

/**
 * Reads the rows of a file, chunk by chunk.
 * @throws Failure `data.csv.mostlyRagged`, `data.overBudget`, and those of reading
 */
async function readRows(
  path: string,
  dialect: Dialect,
  { content, used, target }: RowPlan,
  progress: ReadingProgress = () => undefined
): Promise<ReadRows> {
  const writer = createTable(path, content, dialect.decimalComma)
  const ragged: Flaw = { count: 0, first: [] }
  const cells = new Array<string>(used.length)
  await eachRow(path, dialect, ({ fields, line, share }) => {
    progress(share, 1)
    if (fields.length !== dialect.names.length) return note(ragged, line)
    used.forEach((at, place) => (cells[place] = fields[at]))
    writer.add(cells, fields[target], line)
  })
  const { table } = writer
  if (ragged.count > table.rows)
    throw new Failure('data.csv.mostlyRagged', {
      path,
      count: ragged.count,
      line: ragged.first[0],
      expected: dialect.names.length
    })
  return { table, ragged }
}

function describeRagged(
  part: 'train' | 'test',
  path: string,
  { names }: Dialect,
  { table, ragged }: ReadRows
): DataFinding[] {
  return named(
    { kind: 'raggedRow', severity: 'warning', part, key: 'data.csv.ragged' },
    ragged.first.map((line) => `${basename(path)}:${line}`),
    { expected: names.length, total: table.rows + ragged.count },
    ragged.count
  )
}
