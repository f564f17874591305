import * as tf from '@tensorflow/tfjs-core'
import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '#contract/failure'
import type { NamedTensor } from '#contract/model'
import { MODEL_FOLDER } from '#contract/run'
import { writeAtomically } from '../storage/atomic'
import { storageFailure } from '../storage/failure'
import { decodeSafetensors } from '../storage/safetensors'
import type { Model } from '../models/build'
import { showShape, type Tensors } from '../models/layer'
import type { Weights } from './evaluate'

/** A run's own copy, in `model/`, of the weights that it starts from, so that it needs the library no more. */
const KEPT_FILE = 'initial.safetensors'
/** Where a run keeps them. */
export const keptPath = (folder: string): string => join(folder, MODEL_FOLDER, KEPT_FILE)

/**
 * The bytes of a file with the weights that a model shall start from, if they are those with this hash (SHA-256) and
 * fit the model: the tensors and the layer state that it has, in their shapes.
 * @throws Failure `training.weightsNotFound`, `training.weightsChanged`, `training.weightsLack`,
 *   `training.weightsUnknown`, `training.weightsShape` that name file and tensor; `storage.damaged`
 */
export async function readFittingWeights(path: string, hash: string, model: Model): Promise<Uint8Array> {
  return (await readChecked(path, hash, model)).bytes
}

/** Keeps the weights that a new run starts from in its folder. @throws Failure `storage.*` */
export const keepWeights = (folder: string, bytes: Uint8Array): Promise<void> =>
  writeAtomically(keptPath(folder), bytes)

/** Takes the kept weights away from a run that has not begun. */
export const dropWeights = (folder: string): Promise<void> =>
  rm(join(folder, MODEL_FOLDER), { recursive: true, force: true })

/** The weights in such a file, on the engine. @throws Failure as `readFittingWeights` */
export async function readFirstWeights(path: string, hash: string, model: Model): Promise<Weights> {
  const { tensors } = await readChecked(path, hash, model)
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  const pick = (wanted: readonly { name: string }[]): Tensors =>
    Object.fromEntries(
      wanted.map(({ name }) => {
        const { values, shape } = byName.get(name) as NamedTensor
        return [name, tf.tensor(values, shape)]
      })
    )
  return { parameters: pick(model.parameters), layerState: pick(model.state) }
}

async function readChecked(
  path: string,
  hash: string,
  model: Model
): Promise<{ bytes: Uint8Array; tensors: NamedTensor[] }> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new Failure('training.weightsNotFound', { path })
    throw storageFailure(error, path)
  })
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== hash) throw new Failure('training.weightsChanged', { path, expected: hash, found })
  const { tensors } = decodeSafetensors(bytes, path)
  checkTensors(path, tensors, [...model.parameters, ...model.state])
  return { bytes, tensors }
}

function checkTensors(
  path: string,
  tensors: readonly NamedTensor[],
  wanted: readonly { name: string; shape: readonly number[] }[]
): void {
  const shapes = new Map(tensors.map(({ name, shape }) => [name, showShape(shape)]))
  for (const { name, shape } of wanted) {
    const found = shapes.get(name)
    const expected = showShape(shape)
    if (found === undefined) throw new Failure('training.weightsLack', { path, tensor: name, expected })
    if (found !== expected)
      throw new Failure('training.weightsShape', { path, tensor: name, expected, found })
    shapes.delete(name)
  }
  for (const tensor of shapes.keys()) throw new Failure('training.weightsUnknown', { path, tensor })
}
