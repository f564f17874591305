import { rename } from 'node:fs/promises'
import { Failure } from '#contract/failure'
import { readJson, writeAtomically } from '../storage/atomic'
import { storageFailure } from '../storage/failure'

/** What is added to the name of a file that cannot be used, so that its user can still look into it. */
const DAMAGED = '.damaged'

/**
 * The value in a JSON file of ours; undefined where there is none. A file that is not JSON, or that `read` cannot
 * use, is kept aside as `<name>.damaged` and counts as none.
 * @throws Failure `storage.*`
 */
export async function readJsonFile<Value>(
  path: string,
  read: (value: unknown) => Value | undefined
): Promise<Value | undefined> {
  try {
    const value = read(await readJson(path))
    if (value !== undefined) return value
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    if (error.key === 'storage.notFound') return undefined
    if (error.key !== 'storage.notJson') throw error
  }
  await rename(path, `${path}${DAMAGED}`).catch((error: unknown) => {
    throw storageFailure(error, path)
  })
  return undefined
}

/** Writes a value as people read JSON. @throws Failure `storage.*`; the old file is then untouched. */
export const writeJsonFile = (path: string, value: unknown): Promise<void> =>
  writeAtomically(path, `${JSON.stringify(value, null, 2)}\n`)
