import { existsSync, readFileSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import envPaths from 'env-paths'
import { languageOf, type Language } from '#contract/messages'
import type { LibraryRule } from '../../application/ports'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The folder whose package.json is ours, found by walking up from a source, a bundle or a chunk of it.
 * @throws Error when there is none above `start`.
 */
export function findRoot(start: string = import.meta.dirname): string {
  for (let folder = start; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest)) {
      const { name } = JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }
      if (name === 'steadygrad') return folder
    }
    if (folder === dirname(folder)) throw new Error(`no folder of steadygrad above ${start}`)
  }
}

/**
 * The folder of the user's runs, datasets, experiments and exports: `STEADYGRAD_HOME`, else the one that the settings
 * name, else the system's convention. A library that is not there, such as one on a disk that was taken out, is not
 * made anew by a mere start.
 */
export function libraryPlace(
  chosen: unknown,
  environment: Environment = process.env
): { folder: string; rule: LibraryRule } {
  const system = envPaths('steadygrad', { suffix: '' }).data
  if (environment.STEADYGRAD_HOME)
    return { folder: resolve(environment.STEADYGRAD_HOME), rule: { source: 'environment', system } }
  if (typeof chosen !== 'string' || !isAbsolute(chosen))
    return { folder: system, rule: { source: 'system', system } }
  if (existsSync(chosen)) return { folder: chosen, rule: { source: 'settings', system } }
  const problem = { key: 'library.missing', values: { path: chosen } } as const
  return { folder: system, rule: { source: 'system', system, problem } }
}

/** The folder of the user's settings: `STEADYGRAD_HOME`, else the system's convention. */
export const settingsFolder = (environment: Environment = process.env): string =>
  environment.STEADYGRAD_HOME
    ? resolve(environment.STEADYGRAD_HOME)
    : envPaths('steadygrad', { suffix: '' }).config

/** The language that the environment asks for; `fallback` is a locale for systems that set none of the variables. */
export const languageFrom = (
  environment: Environment = process.env,
  fallback: string = Intl.DateTimeFormat().resolvedOptions().locale
): Language =>
  languageOf(
    environment.STEADYGRAD_LANGUAGE ||
      environment.LC_ALL ||
      environment.LC_MESSAGES ||
      environment.LANG ||
      fallback
  )
