import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Absolute path of a file that comes with the product. Sources and bundles lie at different depths, so the
 * product's own folder is found by its package.json. @throws Error when there is none above this file.
 */
export function resourcePath(...names: string[]): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest)) {
      const { name } = JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }
      if (name === 'steadygrad') return join(folder, 'resources', ...names)
    }
    if (folder === dirname(folder)) throw new Error(`no folder of steadygrad above ${import.meta.dirname}`)
  }
}
