import { statSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DatasetSummary } from '#contract/dataset'
import { Failure } from '#contract/failure'
import type { MessageKey, MessageValues } from '#contract/messages'
import type { WorkerEvent } from '#contract/worker'
import { sweep } from '../storage/atomic'
import { readingFailure, sha256 } from './files'
import { summarize } from './inspection/summarize'
import { openPrepared, writePrepared } from './prepared'
import type { Source } from './reader'
import { readerOf } from './readers'

/** Counts up when readers or checks change what they make of the same files. */
const PREPARED_VERSION = 3
/** So many files are looked at before others get their turn. */
const FILES_PER_TURN = 1_000

/** How far preparing is when all has been read, and when all has been checked. */
const READING_SHARE = 0.7
const CHECKED_SHARE = 0.85

/** Where a prepared dataset lies, and what is known of it. */
export interface PreparedSource {
  folder: string
  summary: DatasetSummary
}
type Announce = (event: WorkerEvent) => void

/** Sources that are being prepared now, by folder: asked for twice, they are read once. */
const underWay = new Map<string, Promise<PreparedSource>>()

/**
 * Reads and checks a source and keeps it in prepared form below `<library>/datasets`. What is there already and
 * undamaged is used as it is; what is damaged is made anew.
 * @throws Failure `data.*` or `storage.*` that names the file and what is wrong with it.
 */
export async function prepareSource(
  source: Source,
  library: string,
  announce: Announce = () => undefined
): Promise<PreparedSource> {
  const folder = await preparedFolder(source, library)
  const running = underWay.get(folder) ?? findOrPrepare(source, folder, announce)
  underWay.set(folder, running)
  return running.finally(() => underWay.delete(folder))
}

/**
 * Where the prepared form of a source belongs, with its files as they are now.
 * @throws Failure `storage.*` for a file that is not there
 */
export const preparedFolder = async (source: Source, library: string): Promise<string> =>
  join(library, 'datasets', `${source.use}-${await keyOf(source)}`)

async function findOrPrepare(source: Source, folder: string, announce: Announce): Promise<PreparedSource> {
  const report = (key: MessageKey, share: number, values: MessageValues = {}): void =>
    announce({ type: 'progress', message: { key, values: { name: source.use, ...values } }, share })
  const kept = await findPrepared(folder)
  if (kept) return { folder, summary: kept }

  report('data.reading', 0)
  let told = 0
  const dataset = await readerOf(source).open(source, (done, total) => {
    const percent = Math.floor((100 * done) / total)
    if (percent === told) return
    told = percent
    report('data.reading.part', (READING_SHARE * percent) / 100, { percent })
  })
  report('data.checking', READING_SHARE)
  const summary = summarize(dataset)
  report('data.writing', CHECKED_SHARE)
  await sweep(dirname(folder))
  // Another process may have made it meanwhile, and a reader of it should not lose it for a moment.
  if (!(await findPrepared(folder))) await writePrepared(dataset, summary, folder)
  return { folder, summary }
}

/**
 * A name for the present content of a source: its own words, and path, size and time of change of its files.
 * Hashing the content instead would take longer than a second start may.
 */
async function keyOf(source: Source): Promise<string> {
  const files = await readerOf(source).files(source)
  const states: string[] = []
  for (const [index, file] of files.entries()) {
    // To resolve what is whole already takes as long as to look at the file.
    const path = isAbsolute(file) ? file : resolve(file)
    try {
      // Not a promise for each: a folder may hold a hundred thousand.
      const { size, mtimeMs } = statSync(path)
      states.push(`${path}\0${size}\0${mtimeMs}`)
    } catch (error) {
      throw readingFailure(error, path)
    }
    if (index % FILES_PER_TURN === FILES_PER_TURN - 1) await nextTurn()
  }
  return sha256(JSON.stringify([PREPARED_VERSION, source, states])).slice(0, 16)
}

async function findPrepared(folder: string): Promise<DatasetSummary | undefined> {
  try {
    return (await openPrepared(folder)).summary
  } catch (error) {
    // Missing, or damaged: both are mended by writing it anew.
    if (error instanceof Failure) return undefined
    throw error
  }
}
