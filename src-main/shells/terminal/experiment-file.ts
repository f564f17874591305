import { stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Failure } from '#contract/failure'
import { withAbsolutePaths } from '../../application/data-paths'
import { readJson } from '../../storage/atomic'
import type { Context } from './context'
import { applySets } from './set-option'

/**
 * The JSON of an experiment file, or else of the preset of that name, with the changes of `--set`, not checked yet.
 * Relative paths of its data are made absolute: they are looked for beside the file first, then in the current folder.
 * @throws Failure `experiment.fileNotFound`, `storage.notJson`, `experiment.badPath`
 */
export async function readExperimentFile(
  path: string,
  sets: readonly string[],
  { world: { folder }, call }: Pick<Context, 'world' | 'call'>
): Promise<unknown> {
  const file = resolve(folder, path)
  const isFile = await stat(file).then(
    (about) => about.isFile(),
    () => false
  )
  if (isFile) return withAbsolutePaths(applySets(await readJson(file), sets), [dirname(file), folder])
  const preset = (await call('describe', {})).presets.find(({ id }) => id === path)
  if (!preset) throw new Failure('experiment.fileNotFound', { path })
  return withAbsolutePaths(applySets(preset.experiment, sets), [folder])
}
