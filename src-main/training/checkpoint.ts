import * as tf from '@tensorflow/tfjs-core'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '#contract/failure'
import type { NamedTensor } from '#contract/model'
import { CHECKPOINTS_FOLDER } from '#contract/run'
import { sweep } from '../storage/atomic'
import { storageFailure } from '../storage/failure'
import { readSafetensors, writeSafetensors, type StreamedTensor } from '../storage/safetensors'
import type { EarlyStopping } from './early-stopping'
import { startPosition, type Position } from './position'
import type { KeptSnapshots } from './snapshots'
import { stateOf, tensorsOf, type TrainState } from './step'

/** Newest checkpoints that stay on disk, besides the best one. */
const KEPT = 2

/** Numbers that leave the engine at once: some milliseconds, after which the loop gets its turn. */
const PIECE_NUMBERS = 2 ** 20

/** Everything that a run needs to go on. */
export interface Checkpoint {
  position: Position
  earlyStopping: EarlyStopping
  state: TrainState
  /** Earlier states that the run may go back to; only where its guard does so. */
  snapshots?: KeptSnapshots
}

const nameOf = (step: number): string => `step-${String(step).padStart(9, '0')}.safetensors`
const stepOf = (name: string): number | undefined => {
  const match = /^step-(\d{9})\.safetensors$/.exec(name)
  return match ? Number(match[1]) : undefined
}
/** A state from before a guard stop or a spike; no run goes on from it by itself. */
const GOOD_NAME = /^good-\d{9}\.safetensors$/
/** So many of them stay on disk. */
const KEPT_GOOD = 2
const goodNameOf = (step: number): string => nameOf(step).replace('step', 'good')

/**
 * Writes a checkpoint and removes older ones, except those of the steps in `keep`; returns the file's name. The engine
 * is asked for the values piece by piece: the tensors must stay until this is done.
 * @throws Failure `storage.*`; older checkpoints are then untouched. A run folder that was taken away is not made anew.
 */
export async function writeCheckpoint(
  folder: string,
  checkpoint: Checkpoint,
  keep: readonly number[]
): Promise<string> {
  const name = nameOf(checkpoint.position.step)
  await write(folder, name, checkpoint)
  const steps = await listCheckpoints(folder)
  const old = steps.slice(0, -KEPT).filter((step) => !keep.includes(step))
  await remove(folder, old.map(nameOf))
  return name
}

/**
 * Writes the state from before a guard stop or a spike as a checkpoint that nothing goes on from, and removes all of this
 * kind but the newest; returns the file's name.
 * @throws Failure `storage.*`
 */
export async function writeGoodState(folder: string, checkpoint: Checkpoint): Promise<string> {
  const name = goodNameOf(checkpoint.position.step)
  await write(folder, name, checkpoint)
  const names = await readdir(join(folder, CHECKPOINTS_FOLDER))
  const others = names.filter((other) => GOOD_NAME.test(other) && other !== name).sort()
  await remove(folder, others.slice(0, Math.max(0, others.length - KEPT_GOOD + 1)))
  return name
}

async function write(folder: string, name: string, checkpoint: Checkpoint): Promise<void> {
  const { position, earlyStopping, state, snapshots } = checkpoint
  await stat(folder).catch((error: unknown) => {
    throw storageFailure(error, folder)
  })
  const tensors = [
    ...streamed(state),
    ...(snapshots ? snapshots.states.flatMap((each, index) => streamed(each, `${SNAPSHOT}${index}/`)) : [])
  ]
  await writeSafetensors(join(folder, CHECKPOINTS_FOLDER, name), tensors, {
    format: 'steadygrad',
    position: JSON.stringify(position),
    earlyStopping: JSON.stringify(earlyStopping),
    ...(snapshots && { snapshots: JSON.stringify(snapshots.about) })
  })
}

const remove = async (folder: string, names: readonly string[]): Promise<void> => {
  await Promise.all(names.map((name) => rm(join(folder, CHECKPOINTS_FOLDER, name))))
}

/** Head of the names of a snapshot's tensors; no part of a state is called so. */
const SNAPSHOT = 'snapshot-'

/** A state whose values are read from the engine when they are asked for. */
export const streamed = (state: TrainState, prefix = ''): StreamedTensor[] =>
  Object.entries(tensorsOf(state)).map(([name, tensor]) => ({
    name: `${prefix}${name}`,
    shape: tensor.shape,
    pieces: () => piecesOf(tensor)
  }))

function* piecesOf(tensor: tf.Tensor): Generator<Float32Array> {
  if (tensor.size <= PIECE_NUMBERS) return yield tensor.dataSync() as Float32Array
  for (let at = 0; at < tensor.size; at += PIECE_NUMBERS) {
    const count = Math.min(PIECE_NUMBERS, tensor.size - at)
    const piece = tf.tidy(() => tf.slice(tf.reshape(tensor, [-1]), [at], [count]))
    // Outside of the tidy, which would look at every number that leaves it for a tensor.
    const values = piece.dataSync() as Float32Array
    piece.dispose()
    yield values
  }
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

/** A checkpoint, if there is one, with the damaged ones that were passed over. */
export interface Found {
  checkpoint?: Checkpoint
  damaged: { step: number; failure: Failure }[]
}

/**
 * Finds the newest checkpoint that can be read, for a run that goes on: with the states that it may go back to. A
 * damaged one is passed over for the one before it. The tensors belong to the caller.
 */
export async function findNewestCheckpoint(folder: string): Promise<Found> {
  await sweep(join(folder, CHECKPOINTS_FOLDER))
  return readNewest(folder, true)
}

/** The newest checkpoint that can be read, without earlier states. The tensors belong to the caller. */
export const readNewestCheckpoint = async (folder: string): Promise<Checkpoint | undefined> =>
  (await readNewest(folder, false)).checkpoint

async function readNewest(folder: string, withSnapshots: boolean): Promise<Found> {
  const damaged: Found['damaged'] = []
  for (const step of (await listCheckpoints(folder)).reverse()) {
    try {
      return { checkpoint: await read(folder, nameOf(step), withSnapshots), damaged }
    } catch (error) {
      if (!(error instanceof Failure && error.key === 'storage.damaged')) throw error
      damaged.push({ step, failure: error })
    }
  }
  return { damaged }
}

/**
 * The checkpoint of a certain step, with the states that the run could go back to if they are wanted.
 * @throws Failure `storage.notFound` or `storage.damaged`
 */
export const readCheckpoint = (folder: string, step: number, withSnapshots = false): Promise<Checkpoint> =>
  read(folder, nameOf(step), withSnapshots)

/** What `writeGoodState` wrote for a step. @throws Failure `storage.notFound` or `storage.damaged` */
export const readGoodState = (folder: string, step: number): Promise<Checkpoint> =>
  read(folder, goodNameOf(step), false)

async function read(folder: string, name: string, withSnapshots: boolean): Promise<Checkpoint> {
  const { tensors, metadata } = await readSafetensors(join(folder, CHECKPOINTS_FOLDER, name))
  const stateBelow = (prefix: string): TrainState =>
    stateOf(
      Object.fromEntries(
        tensors
          .filter((each) => (prefix ? each.name.startsWith(prefix) : !each.name.startsWith(SNAPSHOT)))
          .map((each) => [each.name.slice(prefix.length), tf.tensor(each.values, each.shape)])
      )
    )
  const about =
    withSnapshots && metadata.snapshots
      ? (JSON.parse(metadata.snapshots) as KeptSnapshots['about'])
      : undefined
  return {
    // What a run counts may have grown since this was written.
    position: { ...startPosition(), ...(JSON.parse(metadata.position) as Position) },
    earlyStopping: JSON.parse(metadata.earlyStopping) as EarlyStopping,
    state: stateBelow(''),
    ...(about && {
      snapshots: { about, states: about.positions.map((_, index) => stateBelow(`${SNAPSHOT}${index}/`)) }
    })
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
