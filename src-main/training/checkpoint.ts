import * as tf from '@tensorflow/tfjs-core'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '#contract/failure'
import type { NamedTensor } from '#contract/model'
import { CHECKPOINTS_FOLDER } from '#contract/run'
import { sweep, writeAtomically } from '../storage/atomic'
import { storageFailure } from '../storage/failure'
import { encodeSafetensors, readSafetensors } from '../storage/safetensors'
import type { EarlyStopping } from './early-stopping'
import type { Position } from './position'
import { stateOf, tensorsOf, type TrainState } from './step'

/** Newest checkpoints that stay on disk, besides the best one. */
const KEPT = 2

/** Everything that a run needs to go on. */
export interface Checkpoint {
  position: Position
  earlyStopping: EarlyStopping
  state: TrainState
}

const nameOf = (step: number): string => `step-${String(step).padStart(9, '0')}.safetensors`
const stepOf = (name: string): number | undefined => {
  const match = /^step-(\d{9})\.safetensors$/.exec(name)
  return match ? Number(match[1]) : undefined
}

/**
 * Writes a checkpoint and removes older ones, except those of the steps in `keep`; returns the file's name.
 * @throws Failure `storage.*`; older checkpoints are then untouched. A run folder that was taken away is not made anew.
 */
export async function writeCheckpoint(
  folder: string,
  { position, earlyStopping, state }: Checkpoint,
  keep: readonly number[]
): Promise<string> {
  const checkpoints = join(folder, CHECKPOINTS_FOLDER)
  const name = nameOf(position.step)
  await stat(folder).catch((error: unknown) => {
    throw storageFailure(error, folder)
  })
  await writeAtomically(
    join(checkpoints, name),
    encodeSafetensors(readTensors(state), {
      format: 'steadygrad',
      position: JSON.stringify(position),
      earlyStopping: JSON.stringify(earlyStopping)
    })
  )
  const steps = await listCheckpoints(folder)
  const old = steps.slice(0, -KEPT).filter((step) => !keep.includes(step))
  await Promise.all(old.map((step) => rm(join(checkpoints, nameOf(step)))))
  return name
}

/** Steps at which checkpoints stand in a run folder, in order. */
export async function listCheckpoints(folder: string): Promise<number[]> {
  const names = await readdir(join(folder, CHECKPOINTS_FOLDER)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names.flatMap((name) => stepOf(name) ?? []).sort((a, b) => a - b)
}

/**
 * A text that changes when a run folder has another newest checkpoint, found without reading it: a run that goes on,
 * or puts its best weights back, writes a new file. Undefined where there is none.
 */
export async function markOfNewest(folder: string): Promise<string | undefined> {
  const step = (await listCheckpoints(folder)).at(-1)
  if (step === undefined) return undefined
  const { mtimeMs, ino } = await stat(join(folder, CHECKPOINTS_FOLDER, nameOf(step)))
  return `${step} ${mtimeMs} ${ino}`
}

/**
 * The newest checkpoint that can be read; undefined where there is none. A damaged one is passed over for the one
 * before it. The tensors belong to the caller.
 */
export async function readNewestCheckpoint(folder: string): Promise<Checkpoint | undefined> {
  await sweep(join(folder, CHECKPOINTS_FOLDER))
  for (const step of (await listCheckpoints(folder)).reverse()) {
    try {
      return await readCheckpoint(folder, step)
    } catch (error) {
      if (!(error instanceof Failure && error.key === 'storage.damaged')) throw error
    }
  }
  return undefined
}

/** The checkpoint of a certain step. @throws Failure `storage.notFound` or `storage.damaged` */
export async function readCheckpoint(folder: string, step: number): Promise<Checkpoint> {
  const { tensors, metadata } = await readSafetensors(join(folder, CHECKPOINTS_FOLDER, nameOf(step)))
  return {
    position: JSON.parse(metadata.position) as Position,
    earlyStopping: JSON.parse(metadata.earlyStopping) as EarlyStopping,
    state: stateOf(
      Object.fromEntries(tensors.map(({ name, shape, values }) => [name, tf.tensor(values, shape)]))
    )
  }
}

/** The values of a state as plain arrays. */
export function readTensors(state: TrainState): NamedTensor[] {
  return Object.entries(tensorsOf(state)).map(([name, tensor]) => ({
    name,
    shape: tensor.shape,
    values: tensor.dataSync() as Float32Array
  }))
}
