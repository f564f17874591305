import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CsvError, parse } from 'csv-parse'
import { Failure } from '#contract/failure'
import { withFile } from '../../files'
import type { SourceOf } from '../../reader'
import { findDialect, parserOptions, type Dialect } from './dialect'
import { readHead, textChunks } from './text-chunks'

/** How a file is written, by its beginning. @throws Failure `data.csv.*`, `data.notUtf8`, `storage.*` */
export const dialectOf = (
  path: string,
  options: Pick<SourceOf<'csv'>, 'delimiter' | 'header'>
): Promise<Dialect> =>
  withFile(path, async (file, size) => findDialect(path, await readHead(path, file, size), options))

/** One row: its fields, the number of its line, and the share of the file that has been read. */
export interface CsvRow {
  fields: string[]
  line: number
  share: number
}

/**
 * Hears every row of a file but the header, as many as wanted, without keeping any.
 * @throws Failure `data.csv.unreadable`, `data.notUtf8`, `data.lineTooLong`, `storage.*`, or whatever `hear` throws
 */
export const eachRow = (
  path: string,
  { delimiter, hasHeader }: Dialect,
  hear: (row: CsvRow) => void,
  limit = Infinity
): Promise<void> =>
  withFile(path, async (file, size) => {
    let isHeader = hasHeader
    let lastLine = 0
    const parser = parse({
      ...parserOptions(delimiter),
      ...(Number.isFinite(limit) && { to: limit + Number(hasHeader) }),
      on_record(fields: string[], { lines, bytes }) {
        lastLine = lines
        if (isHeader) isHeader = false
        else hear({ fields, line: lines, share: bytes / size })
        return null
      }
    })
    parser.resume()
    try {
      await pipeline(Readable.from(textChunks(path, file)), parser)
    } catch (error) {
      // The parser has heard enough and does not wait for the end of the file.
      if ((error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE') return
      if (!(error instanceof CsvError)) throw error
      // The parser names the line where it gave up; what is wrong, such as a quote, begins behind the last good row.
      throw new Failure('data.csv.unreadable', { path, line: lastLine + 1, problem: error.message })
    }
  })
