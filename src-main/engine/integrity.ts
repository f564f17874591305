import { join } from 'node:path'
import type { Message } from '#contract/messages'
import { writeAtomically } from '../storage/atomic'
import { enginePlace, type EngineBuild } from './folder'
import { readPinned } from './pinned'
import { MARKER_FILE, readMarker, whyDamaged, type StatusOptions } from './status'
import { hashFile } from './wheel'

/**
 * Compares every file of the installed builds with what was installed, and notes in the marker the first one that has
 * other bytes: from then on that build counts as damaged, and an installation repairs it. Reads some hundred megabytes; for
 * when an engine did not start or ended its process. Undefined where nothing is known against any of them.
 */
export async function findDamage(options: StatusOptions = {}): Promise<Message | undefined> {
  for (const build of ['cpu', 'gpu'] satisfies EngineBuild[]) {
    const given = build === 'gpu' ? options.pinnedGpu : options.pinned
    const { version } = given ?? (await readPinned(undefined, build))
    const { folder } = enginePlace(version, options.platform, build)
    const damage = (await noteDamage(folder)) ?? (await whyDamaged(folder))
    if (damage) return damage
  }
  return undefined
}

/** The same for the engine of a folder that looks whole; nothing is done to any other. */
async function noteDamage(folder: string): Promise<Message | undefined> {
  const marker = await readMarker(folder)
  if (!marker?.hashes) return undefined
  const never = new AbortController().signal
  for (const [file, expected] of Object.entries(marker.hashes)) {
    // What cannot be read does not hold it either.
    const found = await hashFile(join(folder, file), never).catch(() => undefined)
    if (found === expected) continue
    const noted = { ...marker, changed: file }
    // Where nothing can be written it is told all the same, and found again the next time.
    await writeAtomically(join(folder, MARKER_FILE), JSON.stringify(noted, null, 2) + '\n').catch(() => {})
    return { key: 'engine.changed', values: { folder, file } }
  }
  return undefined
}
