import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { parseStudy } from '#contract/expand-study'
import { Failure } from '#contract/failure'
import { RESULTS_ENDING, STUDY_ENDING, studyResult, type ShippedStudy, type Study } from '#contract/study'
import { readJson } from '../storage/atomic'
import { storageFailure } from '../storage/failure'
import { withAbsolutePaths } from './data-paths'
import type { Paths } from './ports'

/** The base of a study as it stands in its file. @throws Failure `study.noBase` */
export async function baseOf({ base }: Study, presets: string): Promise<unknown> {
  if (typeof base !== 'string') return base
  const names = await namesIn(presets, '.json')
  if (!names.includes(base) || base.endsWith('.study')) throw new Failure('study.noBase', { base })
  return withAbsolutePaths(await readJson(join(presets, `${base}.json`)), [presets])
}

/** The studies that come with the product, by name, each with its base and, where there are some, its results. */
export async function listShipped({ presets, studies }: Paths): Promise<ShippedStudy[]> {
  const results = studies === undefined ? [] : await namesIn(studies, RESULTS_ENDING)
  const names = await namesIn(presets, STUDY_ENDING)
  return Promise.all(
    names.map(async (id) => {
      const study = parseStudy(await readJson(join(presets, `${id}${STUDY_ENDING}`)))
      const base = (await baseOf(study, presets)) as ShippedStudy['base']
      const result = results.includes(id)
        ? studyResult.parse(await readJson(join(studies as string, `${id}${RESULTS_ENDING}`)))
        : undefined
      return { id, study, base, ...(result && { result }) }
    })
  )
}

/** The files of a folder with an ending, without it; none where there is no folder. */
async function namesIn(folder: string, ending: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw storageFailure(error, folder)
  })
  return names
    .filter((name) => name.endsWith(ending))
    .map((name) => basename(name, ending))
    .sort()
}
