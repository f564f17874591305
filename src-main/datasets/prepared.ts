import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DATASET_FILE, preparedDataset, type DatasetSummary, type PreparedDataset } from '#contract/dataset'
import { Failure } from '#contract/failure'
import { readJson, writeFolderAtomically } from '../storage/atomic'
import { bytesOf, readBytes, sha256, withFile } from './files'
import type { DatasetHandle, FeatureValues, Samples, TargetValues } from './reader'

/** A prepared dataset in memory; a part that the source does not have has no samples. */
export interface PreparedHandle {
  folder: string
  summary: DatasetSummary
  train: Samples
  test: Samples
}

const parts = ['train', 'test'] as const
const featuresFile = (part: string): string => `${part}-features.bin`
const targetsFile = (part: string): string => `${part}-targets.bin`

/**
 * Writes a dataset in the form that training reads; the folder appears whole or not at all.
 * @throws Failure `storage.*`.
 */
export async function writePrepared(
  dataset: DatasetHandle,
  summary: DatasetSummary,
  folder: string
): Promise<void> {
  await writeFolderAtomically(folder, async (aside) => {
    const hashes: Record<string, string> = {}
    for (const part of parts) {
      const samples = dataset[part]
      const files: [string, Uint8Array][] = [
        [featuresFile(part), samples ? bytesOf(samples.features) : new Uint8Array()],
        [targetsFile(part), samples ? bytesOf(samples.targets) : new Uint8Array()]
      ]
      for (const [name, bytes] of files) {
        hashes[name] = sha256(bytes)
        await writeFile(join(aside, name), bytes)
      }
    }
    const about: PreparedDataset = { version: 1, summary, hashes }
    await writeFile(join(aside, DATASET_FILE), JSON.stringify(about, null, 2))
  })
}

/** What a prepared folder says of itself; its samples are not read. @throws Failure `data.damaged`, `storage.*`. */
async function readAbout(folder: string): Promise<PreparedDataset> {
  const path = join(folder, DATASET_FILE)
  const checked = preparedDataset.safeParse(await readJson(path))
  if (checked.success) return checked.data
  const { path: at, message } = checked.error.issues[0]
  throw new Failure('data.damaged', { path, problem: `${at.join('.')}: ${message}` })
}

/**
 * Reads a prepared dataset. Sizes and hashes are always checked: hashing MNIST's 55 MB takes some 30 ms. With `isShared`
 * its values are in memory that threads of this process can share, so that another one does not need a copy.
 * @throws Failure `data.damaged` that names the file and what is wrong; `storage.*` when one cannot be read.
 */
export async function openPrepared(folder: string, isShared = false): Promise<PreparedHandle> {
  const { summary, hashes } = await readAbout(folder)
  const size = summary.featureShape.reduce((product, each) => product * each, 1)
  const featureBytes = summary.featureType === 'uint8' ? 1 : 4

  const read = async (name: string, length: number): Promise<ArrayBuffer> => {
    const path = join(folder, name)
    return withFile(path, async (file, found) => {
      if (found !== length) throw new Failure('data.damagedSize', { path, expected: length, found })
      const bytes = await readBytes(file, 0, length, isShared ? sharedBytes(length) : undefined)
      if (sha256(bytes) !== hashes[name]) throw new Failure('data.damagedContent', { path })
      return bytes.buffer
    })
  }
  const open = async (part: (typeof parts)[number]): Promise<Samples> => {
    const count = summary.counts[part]
    const features = await read(featuresFile(part), count * size * featureBytes)
    const targets = await read(targetsFile(part), count * (summary.targetSize ?? 1) * 4)
    return { count, features: featuresIn(features, summary), targets: targetsIn(targets, summary) }
  }
  const [train, test] = await Promise.all(parts.map(open))
  return { folder, summary, train, test }
}

/** Shared memory can be read and written as any other; whoever transfers or resizes it knows that it is shared. */
const sharedBytes = (length: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(new SharedArrayBuffer(length) as unknown as ArrayBuffer)

const featuresIn = (bytes: ArrayBuffer, { featureType }: DatasetSummary): FeatureValues =>
  featureType === 'uint8' ? new Uint8Array(bytes) : new Float32Array(bytes)

const targetsIn = (bytes: ArrayBuffer, { classes }: DatasetSummary): TargetValues =>
  classes ? new Int32Array(bytes) : new Float32Array(bytes)
