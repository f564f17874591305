import { basename } from 'node:path'
import type { DataFinding } from '#contract/dataset'
import { Failure } from '#contract/failure'
import { withFile } from '../files'
import { EXAMPLES, named } from '../inspection/finding'
import type { Reader, ReadingProgress, SourceOf } from '../reader'
import { cellOf, fieldsOf, flatten, type Fields } from './table/fields'
import { datasetFrom } from './table/dataset'
import { note, type Flaw } from './table/fill'
import {
  createContent,
  createTable,
  type RawTable,
  type TableContent,
  type TableWriter
} from './table/raw-table'
import { textChunks } from './table/text-chunks'

/** One JSON object in each line: numbers and texts by name as in a table, or a list of features, and the target. */
export const jsonLines: Reader<'jsonLines'> = {
  name: 'jsonLines',
  match: ({ path, entries }) =>
    Promise.resolve(!entries && /\.(jsonl|ndjson)$/i.test(path) ? { use: 'jsonLines', path } : undefined),
  files: ({ path, testPath }) => [path, testPath].filter((each) => each !== undefined),

  async open(source, progress) {
    const train = await readObjects(source.path, source, undefined, progress)
    const test =
      source.testPath === undefined ? undefined : await readObjects(source.testPath, source, train, progress)
    const { fields } = train
    const handle = datasetFrom(
      { source, target: fields.target, task: source.task, featureShape: fields.list?.shape },
      train.table,
      test?.table
    )
    const rows = [...describeRows('train', train), ...(test ? describeRows('test', test) : [])]
    return { ...handle, findings: [...rows, ...(handle.findings ?? [])] }
  }
}

interface ObjectsRead {
  fields: Fields
  content: TableContent
  table: RawTable
  /** Lines that hold no object, and those whose list has another shape. */
  broken: Flaw
  ragged: Flaw
  /** Fields that the first object does not have. */
  others: Set<string>
}

/**
 * Reads the objects of a file; its first one says what the fields are, or those of the training part.
 * @throws Failure `data.empty`, `data.jsonLines.noObjects`, `data.table.noTarget`, `data.notUtf8`, `data.overBudget`
 */
const readObjects = (
  path: string,
  source: SourceOf<'jsonLines'>,
  known: Pick<ObjectsRead, 'fields' | 'content'> | undefined,
  progress: ReadingProgress = () => undefined
): Promise<ObjectsRead> =>
  withFile(path, async (file, size) => {
    const flaws = { broken: { count: 0, first: [] } as Flaw, ragged: { count: 0, first: [] } as Flaw }
    const others = new Set<string>()
    let begun: { fields: Fields; content: TableContent; writer: TableWriter } | undefined
    let line = 0
    let read = 0
    for await (const chunk of textChunks(path, file)) {
      const texts = chunk.toString().split('\n')
      // What stands behind the last line feed is no line.
      if (texts.at(-1) === '') texts.pop()
      for (const text of texts) {
        line++
        if (text.trim() === '') continue
        const object = parseObject(text)
        if (!object) {
          note(flaws.broken, line)
          continue
        }
        begun ??= begin(path, source, known, object)
        const { fields, writer } = begun
        const cells = fields.list
          ? flatten(object[fields.list.name], fields.list.shape)
          : fields.names.map((name) => cellOf(object[name]))
        if (cells) writer.add(cells, cellOf(object[fields.target]), line)
        else note(flaws.ragged, line)
        if (!fields.list && others.size <= EXAMPLES)
          for (const name of Object.keys(object)) if (!fields.known.has(name)) others.add(name)
      }
      read += chunk.length
      progress(read, size)
    }
    if (!begun) {
      if (flaws.broken.count === 0) throw new Failure('data.empty', { path })
      throw new Failure('data.jsonLines.noObjects', { path, line: flaws.broken.first[0] })
    }
    const { fields, content, writer } = begun
    return { fields, content, table: writer.table, ...flaws, others }
  })

function begin(
  path: string,
  source: SourceOf<'jsonLines'>,
  known: Pick<ObjectsRead, 'fields' | 'content'> | undefined,
  first: Record<string, unknown>
) {
  const fields = known?.fields ?? fieldsOf(path, first, source)
  const content = known?.content ?? createContent(fields.names)
  return { fields, content, writer: createTable(path, content) }
}

/** A text in quotes, or one of the words that JSON does not have but Python and others write for numbers. */
const TEXT_OR_WORD = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g
const standFor: Record<string, string> = {
  NaN: 'null',
  '-NaN': 'null',
  Infinity: '1e999',
  '-Infinity': '-1e999'
}

/** The object in a line; undefined where there is none. NaN is as missing as null, and Infinity is a number too large. */
function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const isOrdinary = !text.includes('NaN') && !text.includes('Infinity')
    const value: unknown = JSON.parse(
      isOrdinary ? text : text.replace(TEXT_OR_WORD, (found) => standFor[found] ?? found)
    )
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

function describeRows(
  part: 'train' | 'test',
  { table: { path, rows }, broken, ragged, others }: ObjectsRead
): DataFinding[] {
  const total = rows + broken.count + ragged.count
  const linesOf = ({ first }: Flaw): string[] => first.map((line) => `${basename(path)}:${line}`)
  const about = { severity: 'warning', part } as const
  return [
    ...named(
      { ...about, kind: 'brokenRow', key: 'data.jsonLines.broken' },
      linesOf(broken),
      { total },
      broken.count
    ),
    ...named(
      { ...about, kind: 'raggedRow', key: 'data.jsonLines.ragged' },
      linesOf(ragged),
      { total },
      ragged.count
    ),
    ...named({ ...about, kind: 'skipped', key: 'data.jsonLines.others' }, [...others])
  ]
}
