import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { randomFrom } from '#contract/random'
import { startEngine } from '../../src-main/engine/backends'
import { compileOver, type Compiled } from '../../src-main/engine/compile/compiler'
import { startPosition, type Position } from '../../src-main/training/position'
import {
  holdsSnapshots,
  openSnapshots,
  SNAPSHOT_INTERVAL,
  type Snapshots
} from '../../src-main/training/snapshots'
import { stateOf, tensorsOf, type TrainState } from '../../src-main/training/step'

beforeAll(() => startEngine('native-cpu'))

/** A run whose only weight is the number of its last applied step. */
interface FakeRun {
  snapshots: Snapshots
  /** Loss of an attempt; undefined where it is refused. */
  attempt(loss: number | undefined): void
}

let tensors = 0
let runs: FakeRun[] = []
beforeEach(() => {
  runs = []
  tensors = tf.memory().numTensors
})

function openRun(from?: { position: Position; kept: ReturnType<Snapshots['keep']> }): FakeRun {
  const position = structuredClone(from?.position ?? startPosition())
  const holder = { state: stateOf({ 'parameters/w': tf.scalar(position.step) }) }
  const snapshots = openSnapshots(holder, position, from?.kept)
  const run: FakeRun = {
    snapshots,
    attempt(loss) {
      position.step++
      if (loss !== undefined) {
        position.updates++
        tf.dispose(tensorsOf(holder.state))
        holder.state = stateOf({ 'parameters/w': tf.scalar(position.step) })
      }
      snapshots.note(position, loss)
    }
  }
  runs.push(run)
  const dispose = snapshots.dispose
  snapshots.dispose = () => {
    dispose()
    tf.dispose(tensorsOf(holder.state))
  }
  return run
}
const attempts = (run: FakeRun, count: number, loss: number | undefined): void => {
  for (let i = 0; i < count; i++) run.attempt(loss)
}
const stepOf = ({ snapshots }: FakeRun): number => snapshots.good.position.step
const valueOf = (state: TrainState): number => state.parameters.w.dataSync()[0]

test('a snapshot proves good by a calm interval, and its state is that of its step', () => {
  const run = openRun()
  const good = Array.from({ length: 4 }, () => {
    attempts(run, SNAPSHOT_INTERVAL, 1)
    return [stepOf(run), valueOf(run.snapshots.good.state)]
  })
  expect(good).toEqual([
    [0, 0],
    [50, 50],
    [100, 100],
    [150, 150]
  ])
})

test('an exploding loss proves nothing, until it is the rule', () => {
  const run = openRun()
  attempts(run, 2 * SNAPSHOT_INTERVAL, 1)
  const good = Array.from({ length: 6 }, () => {
    attempts(run, SNAPSHOT_INTERVAL, 100)
    return stepOf(run)
  })
  expect(good).toEqual([50, 50, 50, 50, 300, 350])
})

test('an interval of refused steps proves nothing, and what is on trial stays so', () => {
  const run = openRun()
  attempts(run, SNAPSHOT_INTERVAL, 1)
  attempts(run, 2 * SNAPSHOT_INTERVAL, undefined)
  expect(stepOf(run)).toBe(0)
  attempts(run, SNAPSHOT_INTERVAL, 1)
  expect(stepOf(run)).toBe(50)
})

test('going back gives the good state again and again, until a newer one has proved good', () => {
  const run = openRun()
  attempts(run, 120, 1)
  const backs = [1, 2].map(() => {
    const { position, state } = run.snapshots.goBack()
    const found = [position.step, valueOf(state)]
    tf.dispose(tensorsOf(state))
    attempts(run, 30, 1)
    return found
  })
  expect(backs).toEqual([
    [50, 50],
    [50, 50]
  ])
  attempts(run, 70, 1)
  expect(stepOf(run)).toBe(200)
})

test('snapshots that went through a checkpoint at any step go on as if there had been none', () => {
  const random = randomFrom('snapshots')
  const losses = Array.from({ length: 700 }, () =>
    random() < 0.05 ? undefined : random() * (random() < 0.1 ? 500 : 1)
  )
  const follow = (run: FakeRun, from: number): unknown[] =>
    losses.slice(from).map((loss) => {
      run.attempt(loss)
      return [stepOf(run), valueOf(run.snapshots.good.state)]
    })
  const whole = follow(openRun(), 0)
  for (const cut of [1, 49, 50, 51, 99, 100, 163, 350]) {
    const first = openRun()
    const before = losses.slice(0, cut).map((loss) => {
      first.attempt(loss)
      return stepOf(first)
    })
    expect(before.length).toBe(cut)
    const kept = first.snapshots.keep()
    const about = JSON.parse(JSON.stringify(kept.about)) as typeof kept.about
    const second = openRun({ position: { ...startPosition(), step: cut }, kept: { ...kept, about } })
    expect(follow(second, cut)).toEqual(whole.slice(cut))
  }
})

test('5,000 steps leave no tensor behind', () => {
  const run = openRun()
  attempts(run, 1000, 1)
  const before = tf.memory().numTensors
  for (let i = 0; i < 4000; i++) {
    run.attempt(i % 7 === 0 ? undefined : i)
    if (i % 333 === 0) tf.dispose(tensorsOf(run.snapshots.goBack().state))
    if (i % 200 === 0) tf.dispose(run.snapshots.keep().states.map(tensorsOf))
  }
  attempts(run, 200, 1)
  expect(tf.memory().numTensors).toBe(before)
  for (const { snapshots } of runs) snapshots.dispose()
  expect(tf.memory().numTensors).toBe(tensors)
})

test('a state that is too large is kept only where the guard goes back', () => {
  const large = { parameters: { w: { size: 40e6 } }, layerState: {}, chainState: {} } as unknown as TrainState
  expect([holdsSnapshots('stop', large), holdsSnapshots('rollback', large)]).toEqual([false, true])
})

test('what a compiled step replaces stays as it was for whoever holds it', () => {
  const compiled: Compiled = compileOver({ w: tf.ones([300, 300]) })
  compiled.trace('add', { x: 1 }, ({ w }, { x }) => ({
    outputs: [tf.sum(x)],
    state: { w: tf.add(w, x) }
  }))
  const held: { expected: number; w: tf.Tensor }[] = []
  for (let step = 1; step <= 10; step++) {
    tf.dispose(compiled.run('add', { x: 1 }))
    held.push({ expected: step + 1, w: compiled.read().w })
  }
  compiled.write({ w: tf.zeros([300, 300]) })
  for (const { expected, w } of held) expect(w.dataSync().every((value) => value === expected)).toBe(true)
  compiled.dispose()
})
