import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname, isAbsolute, resolve } from 'node:path'
import { Failure } from '#contract/failure'
import { pathOptionsOf } from '#contract/vocabulary'
import { readJson } from '../../storage/atomic'
import { applySets } from './set-option'

/**
 * The JSON of an experiment file with the changes of `--set`, not checked yet. Relative paths of its data are made
 * absolute: they are looked for beside the file first, then in the current folder.
 * @throws Failure `experiment.fileNotFound`, `storage.notJson`, `experiment.badPath`
 */
export async function readExperimentFile(
  path: string,
  sets: readonly string[],
  folder: string
): Promise<unknown> {
  const file = resolve(folder, path)
  const isFile = await stat(file).then(
    (about) => about.isFile(),
    () => false
  )
  if (!isFile) throw new Failure('experiment.fileNotFound', { path })
  return withAbsolutePaths(applySets(await readJson(file), sets), [dirname(file), folder])
}

function withAbsolutePaths(experiment: unknown, folders: readonly string[]): unknown {
  const { data } = (experiment ?? {}) as { data?: { source?: Record<string, unknown> } }
  if (typeof data?.source !== 'object' || data.source === null) return experiment
  const source = { ...data.source }
  for (const option of pathOptionsOf(String(source.use))) {
    const value = source[option]
    if (typeof value === 'string' && value !== '' && !isAbsolute(value)) source[option] = find(value, folders)
  }
  return { ...(experiment as object), data: { ...data, source } }
}

const find = (path: string, folders: readonly string[]): string => {
  const candidates = folders.map((folder) => resolve(folder, path))
  return candidates.find((candidate) => existsSync(candidate)) ?? candidates[0]
}
