import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Failure } from '#contract/failure'
import type { ModelArtifact } from '#contract/trainer'
import type { Report } from '#contract/work'
import type { ExportFormat, ExportReport } from '#contract/worker'
import { writeFolderAtomically } from '../storage/atomic'
import { exporters } from './index'
import { ABOUT_FILE, type Exporter, type ReadBack } from './exporter'
import { expectedOutputs } from './outputs'

/** Largest difference that the rounding of another library explains, for outputs of about 1. */
const TOLERANCE = 1e-4

/** What is exported, and where to. */
export interface ExportOrder {
  artifact: ModelArtifact
  format: ExportFormat
  /** A folder that does not exist, or is empty, or, with `overwrite`, holds an earlier export. */
  path: string
  overwrite: boolean
}

/**
 * Writes a model aside, reads it back, compares its answers with the trained model's, and only then puts it in place.
 * @throws Failure `export.exists`, `export.notAnExport`, `export.differs`, `storage.*`; nothing is left on disk then.
 */
export async function exportModel(
  { artifact, format, path, overwrite }: ExportOrder,
  report: Report = () => undefined,
  table: Record<ExportFormat, { exporter: Exporter; readBack: ReadBack }> = exporters
): Promise<ExportReport> {
  const target = resolve(path)
  await checkTarget(target, overwrite)
  const { exporter, readBack } = table[format]
  const { preparation } = artifact
  let bytes = 0
  let difference = { largest: 0, relative: 0 }
  const samples =
    artifact.samples.length / preparation.sampleShape.reduce((product, each) => product * each, 1)
  await writeFolderAtomically(target, async (aside) => {
    report({ key: 'export.writing' }, 0)
    await exporter.write(artifact, {
      async write(name, content) {
        bytes += Buffer.byteLength(content)
        await writeFile(join(aside, name), content)
      }
    })
    report({ key: 'export.readingBack', values: { samples } }, 0.3)
    const outputs =
      exporter.takes(preparation) === 'raw'
        ? await readBack(aside, artifact.samples, preparation.sampleShape)
        : await readBack(aside, artifact.prepared, preparation.shape)
    report({ key: 'export.comparing' }, 0.9)
    difference = compare(expectedOutputs(artifact), outputs, target)
  })
  return {
    format,
    path: target,
    bytes,
    samples,
    largestDifference: difference.largest,
    relativeDifference: difference.relative
  }
}

/** Refuses what must not be replaced: files, folders of something else, and, without a word, earlier exports. */
async function checkTarget(path: string, overwrite: boolean): Promise<void> {
  const found = await stat(path).catch(ignoreMissing)
  if (!found) return
  if (!found.isDirectory()) throw new Failure('export.notAnExport', { path })
  if ((await readdir(path)).length === 0) return
  if (!overwrite) throw new Failure('export.exists', { path })
  if (!(await readFile(join(path, ABOUT_FILE)).catch(ignoreMissing)))
    throw new Failure('export.notAnExport', { path })
}

function compare(
  expected: Float32Array,
  found: Float32Array,
  path: string
): { largest: number; relative: number } {
  if (found.length !== expected.length)
    throw new Error(`the export answers ${found.length} numbers, the model ${expected.length}`)
  let largest = 0
  let magnitude = 0
  for (let i = 0; i < expected.length; i++) {
    // A model whose weights are not numbers is exported as it is.
    if (Object.is(expected[i], found[i])) continue
    const difference = Math.abs(expected[i] - found[i])
    largest = Number.isNaN(difference) ? Infinity : Math.max(largest, difference)
    if (Number.isFinite(expected[i])) magnitude = Math.max(magnitude, Math.abs(expected[i]))
  }
  if (largest > TOLERANCE * Math.max(1, magnitude))
    throw new Failure('export.differs', { path, difference: largest, limit: TOLERANCE })
  return { largest, relative: magnitude === 0 ? 0 : largest / magnitude }
}

const ignoreMissing = (error: NodeJS.ErrnoException): undefined => {
  if (error.code !== 'ENOENT') throw error
}
