import { existsSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { pathOptionsOf } from '#contract/vocabulary'

/**
 * An experiment as it stands in a file, not checked yet, with the relative paths of its data made absolute: they are
 * looked for in the folders in their order, and taken to lie in the first one where they are in none.
 */
export function withAbsolutePaths(experiment: unknown, folders: readonly string[]): unknown {
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
