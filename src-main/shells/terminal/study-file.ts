import { stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { Failure } from '#contract/failure'
import { STUDY_ENDING, type StudyInput } from '#contract/study'
import { withAbsolutePaths } from '../../application/data-paths'
import { readJson } from '../../storage/atomic'
import type { Context } from './context'
import { readExperimentFile } from './experiment-file'

/**
 * The study that is meant: that of a file, one that comes with the product, or one whose only axis are the experiments
 * of several files or presets. Not checked yet.
 * @throws Failure `experiment.fileNotFound`, `storage.notJson`, `terminal.studyAmongOthers`
 */
export async function readStudy(given: readonly string[], context: Context): Promise<unknown> {
  const found = await Promise.all(given.map((path) => readGiven(path, context)))
  const studies = found.filter(isStudy)
  if (studies.length > 0) {
    if (given.length > 1)
      throw new Failure('terminal.studyAmongOthers', { path: given[found.findIndex(isStudy)] })
    return studies[0]
  }
  const labels = labelsOf(given)
  const study: StudyInput = {
    version: 1,
    name: labels.join(' · ').slice(0, 200),
    // Each case is a whole experiment.
    base: {},
    vary: [
      {
        name: 'experiment',
        cases: found.map((value, index) => ({ label: labels[index], set: { ...(value as object) } }))
      }
    ]
  }
  return study
}

async function readGiven(path: string, context: Context): Promise<unknown> {
  const { world, call } = context
  const file = resolve(world.folder, path)
  const about = await stat(file).catch(() => undefined)
  if (about?.isFile()) {
    const value = await readJson(file)
    return isStudy(value) ? withBase(value, file, context) : readExperimentFile(path, [], context)
  }
  const shipped = (await call('study.list', {})).find(
    ({ id }) => id === path || `${id}${STUDY_ENDING}` === path
  )
  return shipped ? shipped.study : readExperimentFile(path, [], context)
}

const isStudy = (value: unknown): value is { base?: unknown } =>
  typeof value === 'object' && value !== null && 'vary' in value

/** A base that names a file beside the study's is read; any other name is for the workbench. */
async function withBase(study: { base?: unknown }, file: string, context: Context): Promise<unknown> {
  const { base } = study
  const folder = dirname(file)
  if (typeof base !== 'string')
    return { ...study, base: withAbsolutePaths(base, [folder, context.world.folder]) }
  const about = await stat(resolve(folder, base)).catch(() => undefined)
  if (!about?.isFile()) return study
  const inFolder = { ...context, world: { ...context.world, folder } }
  return { ...study, base: await readExperimentFile(base, [], inFolder) }
}

/** Names of files without folder and ending, where that tells them apart, else as they were given. */
function labelsOf(given: readonly string[]): string[] {
  const names = given.map((path) => basename(path, '.json'))
  const short = new Set(names).size === names.length ? names : given
  return short.map((label) => label.slice(-80))
}
