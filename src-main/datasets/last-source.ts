import type { WorkerEvent } from '#contract/worker'
import { preparedFolder, prepareSource } from './prepare'
import { openPrepared, type PreparedHandle } from './prepared'
import type { Source } from './reader'

/**
 * Opens a source below a library, preparing it where needed.
 * @throws Failure `data.*`, `storage.*` for a source that cannot be read
 */
export type OpenSource = (source: Source, library: string) => Promise<PreparedHandle>

/** Opens sources so that the last one stays in memory as long as its files are as they were. */
export function keepLastSource(announce: (event: WorkerEvent) => void): OpenSource {
  let kept: { folder: string; handle: Promise<PreparedHandle> } | undefined
  return async (source, library) => {
    const folder = await preparedFolder(source, library)
    if (kept?.folder === folder) return kept.handle
    const handle = prepareSource(source, library, announce).then((prepared) => openPrepared(prepared.folder))
    const mine = (kept = { folder, handle })
    return handle.catch((error: unknown) => {
      if (kept === mine) kept = undefined
      throw error
    })
  }
}
