import { Failure } from '#contract/failure'
import type { SamplePage, SampleQuestion } from '#contract/look'
import type { WorkerEvent } from '#contract/worker'
import { preparedFolder, prepareSource } from './prepare'
import { openPrepared, type PreparedHandle } from './prepared'
import type { Source } from './reader'

/** How many wrong positions a sentence names. */
const NAMED_POSITIONS = 10

/** Samples of sources, page by page. */
export interface SamplePages {
  /**
   * Samples in raw form of a part of a source: all of them, those at `indices`, those of `class`, or those of both;
   * of these `count` from `offset` on. A part that the source does not have has no samples.
   * @throws Failure `data.noSample.*` that names the positions which are not there, `data.noSuchClass`,
   * `data.noClasses`; `data.*`, `storage.*` for a source that cannot be read.
   */
  read(source: Source, library: string, question: SampleQuestion): Promise<SamplePage>
}

/** Reads samples of prepared sources below a library, preparing them where needed; the last one stays in memory. */
export function openSamplePages(announce: (event: WorkerEvent) => void): SamplePages {
  let kept: { folder: string; handle: Promise<PreparedHandle> } | undefined

  async function open(source: Source, library: string): Promise<PreparedHandle> {
    const folder = await preparedFolder(source, library)
    if (kept?.folder === folder) return kept.handle
    const handle = prepareSource(source, library, announce).then((prepared) => openPrepared(prepared.folder))
    const mine = (kept = { folder, handle })
    return handle.catch((error: unknown) => {
      if (kept === mine) kept = undefined
      throw error
    })
  }
  return { read: async (source, library, question) => pageOf(await open(source, library), question) }
}

function pageOf(
  handle: PreparedHandle,
  { part, class: wanted, indices, offset, count }: SampleQuestion
): SamplePage {
  const { name, classes, featureShape, targetSize = 1 } = handle.summary
  const samples = handle[part]
  const missing = (indices ?? []).filter((index) => index >= samples.count)
  if (missing.length > 0)
    throw new Failure(`data.noSample.${part}`, {
      name,
      count: samples.count,
      positions: missing.slice(0, NAMED_POSITIONS).join(', ') + (missing.length > NAMED_POSITIONS ? ' …' : '')
    })
  if (wanted !== undefined && !classes) throw new Failure('data.noClasses', { name })
  if (wanted !== undefined && classes && wanted >= classes.length)
    throw new Failure('data.noSuchClass', { name, class: wanted, highest: classes.length - 1 })

  const all = indices ?? Array.from({ length: samples.count }, (_, index) => index)
  const fitting = wanted === undefined ? all : all.filter((index) => samples.targets[index] === wanted)
  const shown = fitting.slice(offset, offset + count)
  const size = featureShape.reduce((product, each) => product * each, 1)
  const features = new Float32Array(shown.length * size)
  shown.forEach((index, place) =>
    features.set(samples.features.subarray(index * size, (index + 1) * size), place * size)
  )
  return {
    total: fitting.length,
    indices: shown,
    targets: shown.flatMap((index) => [
      ...samples.targets.subarray(index * targetSize, (index + 1) * targetSize)
    ]),
    features
  }
}
