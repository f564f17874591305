import { readdir, stat } from 'node:fs/promises'
import { Failure } from '#contract/failure'
import type { ModelFormat } from '#contract/import'
import { readingFailure, readStart } from './files'
import { h5 } from './formats/h5'
import { keras } from './formats/keras'
import { tfjs } from './formats/tfjs'
import type { Importer, ModelPlace } from './importer'

/** Every format of model files. */
const importers: Record<ModelFormat, Importer> = { tfjs, keras, h5 }

/** What of a file is looked at before it is opened. */
const START_BYTES = 4096

/** The importer for what lies at a path; undefined where it does not look like a model. @throws Failure `storage.*` */
export async function importerFor(path: string): Promise<Importer | undefined> {
  const place = await lookAt(path)
  return Object.values(importers).find((importer) => importer.match(place))
}

/** @throws Failure `import.unknownFormat`, `import.savedModel`, `storage.*` */
export async function requireImporter(path: string): Promise<Importer> {
  const place = await lookAt(path)
  const found = Object.values(importers).find((importer) => importer.match(place))
  if (found) return found
  const isSavedModel = place.entries?.includes('saved_model.pb') ?? false
  throw new Failure(isSavedModel ? 'import.savedModel' : 'import.unknownFormat', { path })
}

async function lookAt(path: string): Promise<ModelPlace> {
  const about = await stat(path).catch((error: unknown) => {
    throw readingFailure(error, path)
  })
  if (about.isDirectory()) return { path, entries: await readdir(path), start: new Uint8Array(0) }
  return { path, start: about.isFile() ? await readStart(path, START_BYTES) : new Uint8Array(0) }
}
