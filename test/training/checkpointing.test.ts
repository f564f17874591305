import * as tf from '@tensorflow/tfjs-core'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Finding } from '#contract/health'
import type { RunEvent } from '#contract/run'
import { startEngine } from '../../src-main/engine/backends'
import { listCheckpoints, readNewestCheckpoint } from '../../src-main/training/checkpoint'
import {
  checkpointAside,
  checkpointNow,
  checkpointWhenDue,
  keepBeforeSpike,
  settleCheckpoint
} from '../../src-main/training/checkpointing'
import type { Change } from '../../src-main/health/diagnose'
import { startPosition } from '../../src-main/training/position'
import type { RunLog } from '../../src-main/training/run-log'
import type { Session } from '../../src-main/training/session'
import { stateOf, tensorsOf, type TrainState } from '../../src-main/training/step'

beforeAll(() => startEngine('native-cpu'))
let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'checkpointing-'))))
afterEach(() => rmSync(folder, { recursive: true }))

/** More numbers than leave the engine at once. */
const SIZE = 3_000_000

/** What of a session a checkpoint is about; its only weight is everywhere the number of its last step. */
function openFake(): { session: Session; train(): void; events: RunEvent[]; told: boolean[]; end(): void } {
  const events: RunEvent[] = []
  const told: boolean[] = []
  const position = startPosition()
  const fill = (): TrainState => stateOf({ 'parameters/w': tf.fill([SIZE], position.step) })
  let state = fill()
  const log = {
    event: (event: RunEvent) => {
      events.push(event)
      told.push(event.type === 'checkpoint' && existsSync(join(folder, 'checkpoints', event.file)))
    },
    flush: () => {},
    sync: () => {}
  } satisfies Partial<RunLog>
  const session = {
    folder,
    position,
    earlyStopping: { waited: 0 },
    current: { guard: { nonFinite: 'stop' } },
    log,
    writing: { begun: -Infinity },
    programs: {
      get state() {
        return state
      }
    }
  } as unknown as Session
  return {
    session,
    events,
    told,
    train() {
      position.step++
      tf.dispose(tensorsOf(state))
      state = fill()
    },
    end: () => tf.dispose(tensorsOf(state))
  }
}

/** Step and value of the newest checkpoint; NaN where its values are not all the same. */
async function newest(): Promise<[number, number] | undefined> {
  const found = await readNewestCheckpoint(folder)
  if (!found) return undefined
  const values = found.state.parameters.w.dataSync()
  tf.dispose(tensorsOf(found.state))
  return [found.position.step, values.every((value) => value === values[0]) ? values[0] : NaN]
}

test('a checkpoint holds the state of its step though the loop goes on, and is told when it is in place', async () => {
  const before = tf.memory().numTensors
  const { session, train, events, told, end } = openFake()
  for (let i = 0; i < 5; i++) train()
  await checkpointAside(session)
  expect(events).toEqual([])
  for (let i = 0; i < 20 && session.writing.underWay; i++) {
    train()
    await new Promise((settle) => setImmediate(settle))
  }
  await settleCheckpoint(session)
  expect([await newest(), events.map(({ step }) => step), told]).toEqual([[5, 5], [5], [true]])
  expect(session.checkpointStep).toBe(5)
  end()
  expect(tf.memory().numTensors).toBe(before)
})

test('while one is under way none is begun by the clock; one that is wanted waits for it', async () => {
  const { session, train, events, end } = openFake()
  checkpointWhenDue(session)
  const first = session.writing.underWay
  expect(first).toBeDefined()
  session.writing.begun = -Infinity
  train()
  checkpointWhenDue(session)
  expect(session.writing.underWay).toBe(first)
  await checkpointNow(session)
  checkpointWhenDue(session)
  expect(session.writing.underWay).toBeUndefined()
  expect([events.map(({ step }) => step), await listCheckpoints(folder), await newest()]).toEqual([
    [0, 1],
    [0, 1],
    [1, 1]
  ])
  end()
})

test('a spike keeps the good state behind the checkpoint under way; the newest two stay, and none is written twice', async () => {
  const before = tf.memory().numTensors
  const { session, train, events, end } = openFake()
  const good = { position: startPosition(), state: stateOf({ 'parameters/w': tf.fill([3], 0) }) }
  Object.assign(session, { snapshots: { good } })
  const found = (kind: 'lossSpike' | 'plateau'): Change[] => [
    { type: 'found', finding: { kind, step: 60 } as Finding }
  ]
  train()
  await checkpointAside(session)
  keepBeforeSpike(session, found('plateau'))
  for (const step of [0, 50, 50, 100]) {
    good.position.step = step
    keepBeforeSpike(session, found('lossSpike'))
  }
  await settleCheckpoint(session)
  expect(events.map((event) => [event.type, event.step, 'kept' in event])).toEqual([
    ['checkpoint', 1, false],
    ['checkpoint', 0, true],
    ['checkpoint', 50, true],
    ['checkpoint', 100, true]
  ])
  expect(readdirSync(join(folder, 'checkpoints')).sort()).toEqual([
    'good-000000050.safetensors',
    'good-000000100.safetensors',
    'step-000000001.safetensors'
  ])
  tf.dispose(tensorsOf(good.state))
  end()
  expect(tf.memory().numTensors).toBe(before)
})

test('one that cannot be written is told by the next question, and leaves nothing behind', async () => {
  const before = tf.memory().numTensors
  const { session, events, end } = openFake()
  writeFileSync(join(folder, 'checkpoints'), 'in the way')
  await checkpointAside(session)
  await session.writing.underWay
  const about = expect.objectContaining({ key: expect.stringMatching(/^storage\./) as string }) as Error
  expect(() => checkpointWhenDue(session)).toThrow(about)
  await expect(checkpointNow(session)).rejects.toThrow(about)
  end()
  expect([events, readdirSync(folder), tf.memory().numTensors]).toEqual([[], ['checkpoints'], before])
})
