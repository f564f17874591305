import { readdir, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { DATASET_FILE, type DatasetSummary } from '#contract/dataset'
import { Failure } from '#contract/failure'
import { readingFailure } from './files'
import { summarize } from './inspection/summarize'
import { openPrepared } from './prepared'
import type { Place, Source } from './reader'
import { readerOf, readers } from './readers'

/**
 * Reads and checks what a user points at: a file or a folder that a reader knows, or a prepared dataset.
 * @throws Failure `data.notUnderstood` where nothing fits; `data.*`, `storage.*` for what is wrong with it.
 */
export async function inspectPath(path: string): Promise<DatasetSummary> {
  const place = await lookAt(resolve(path))
  if (place.entries?.includes(DATASET_FILE)) return (await openPrepared(place.path)).summary
  const source = await recognize(place)
  return summarize(await readerOf(source).open(source))
}

/** The source that an experiment would write for such a path. @throws Failure as `inspectPath` does */
export async function sourceAt(path: string): Promise<Source> {
  const place = await lookAt(resolve(path))
  return place.entries?.includes(DATASET_FILE)
    ? (await openPrepared(place.path)).summary.source
    : recognize(place)
}

async function recognize(place: Place): Promise<Source> {
  for (const reader of Object.values(readers)) {
    const source = await reader.match?.(place)
    if (source) return source
  }
  const key = place.entries ? 'data.notUnderstood.folder' : 'data.notUnderstood.file'
  throw new Failure(key, { path: place.path })
}

async function lookAt(path: string): Promise<Place> {
  try {
    return (await stat(path)).isDirectory() ? { path, entries: await readdir(path) } : { path }
  } catch (error) {
    throw readingFailure(error, path)
  }
}
