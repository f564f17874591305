import type { WorkbenchEvent } from '#contract/events'
import type { Requests } from '#contract/requests'
import type { Client } from '#contract/wire'
import { beforeEach, describe, expect, test } from 'vitest'
import { Run } from '../../../src-renderer/state/run.svelte'
import { FakeWorkbench, presets } from '../fake-workbench'

let workbench: FakeWorkbench
let client: Client<Requests, WorkbenchEvent>
let frames: ((time: number) => void)[]

/** Lets one frame pass, at a time in milliseconds. */
const frame = (time: number): void => frames.splice(0).forEach((callback) => callback(time))
/** Lets every message that was posted arrive. */
const settle = async (): Promise<void> => {
  await client.call('engine.status', {})
}

async function startRun(): Promise<string> {
  return (await client.call('run.start', { experiment: presets[0].experiment })).run
}

async function openRun(id: string): Promise<Run> {
  const run = new Run(client.call, id, (callback) => frames.push(callback))
  client.on((event) => run.hear(event))
  await run.open()
  return run
}

beforeEach(() => {
  workbench = new FakeWorkbench()
  client = workbench.client()
  frames = []
})

describe('a run', () => {
  test('that is opened in the middle has its whole history', async () => {
    const id = await startRun()
    workbench.advance(300, workbench.find(id))
    const run = await openRun(id)
    expect([run.series.first, run.series.last, run.state, run.layers]).toEqual([
      1,
      300,
      'running',
      ['conv2d_1', 'dense_1', 'dense_2']
    ])
  })

  test('fetches from disk what it was not told because the page fell behind', async () => {
    const id = await startRun()
    const found = workbench.find(id)
    workbench.advance(10, found)
    const run = await openRun(id)
    workbench.silently(() => workbench.advance(20, found))
    workbench.advance(5, found)
    await settle()
    await settle()
    expect([run.series.count, run.series.last]).toEqual([35, 35])
  })

  test('loses no step that is announced while its history is on its way', async () => {
    const id = await startRun()
    const found = workbench.find(id)
    workbench.advance(10, found)
    const run = new Run(client.call, id, (callback) => frames.push(callback))
    client.on((event) => run.hear(event))
    const opening = run.open()
    workbench.advance(5, found)
    await opening
    workbench.advance(5, found)
    await settle()
    expect([run.series.count, run.series.last, run.events.length]).toEqual([20, 20, found.events.length])
  })

  test('draws what streams in ten times a second at most', async () => {
    const id = await startRun()
    const run = await openRun(id)
    const found = workbench.find(id)
    const before = run.version
    const seen: number[] = []
    for (let time = 1000; time < 2000; time += 20) {
      workbench.advance(1, found)
      await settle()
      frame(time)
      seen.push(run.version - before)
    }
    expect([seen[0], seen.at(-1)]).toEqual([1, 10])
  })

  test('applies live changes to its experiment', async () => {
    const id = await startRun()
    const run = await openRun(id)
    await run.change('gradients.0.max', 0.5)
    expect(run.current?.gradients[0]).toEqual({ use: 'clipByGlobalNorm', max: 0.5 })
  })

  test('says why its trainer broke off, and forgets it when it goes on', async () => {
    const id = await startRun()
    const run = await openRun(id)
    workbench.crash(workbench.find(id))
    await settle()
    const broken = [run.state, run.active, run.failure?.key]
    await run.goOn()
    await settle()
    expect([broken, [run.active, run.failure]]).toEqual([
      ['failed', false, 'storage.diskFull'],
      [true, undefined]
    ])
  })

  test('takes back the steps behind the checkpoint it goes on from', async () => {
    const id = await startRun()
    const found = workbench.find(id)
    workbench.advance(50, found)
    const run = await openRun(id)
    found.rows.length = 30
    await run.goOn()
    await settle()
    expect(run.series.last).toBe(30)
  })

  test('ends with the scores of its epochs', async () => {
    const id = await startRun()
    const run = await openRun(id)
    const found = workbench.find(id)
    workbench.advance(found.steps, found)
    await settle()
    expect([run.state, run.epochs.map(({ epoch }) => epoch), run.ended?.summary.stopped]).toEqual([
      'completed',
      [1, 2],
      'completed'
    ])
  })

  test('looks at one finding at a time, and no longer when it is chosen again', async () => {
    const run = await openRun(await startRun())
    const seen = ['a', 'b', 'b'].map((key) => {
      run.choose(key)
      return run.choice?.key
    })
    expect(seen).toEqual(['a', 'b', undefined])
  })

  test('leaves the events of other runs alone', async () => {
    const first = await startRun()
    const second = await startRun()
    const run = await openRun(first)
    workbench.advance(10, workbench.find(second))
    await settle()
    expect(run.series.count).toBe(0)
  })
})
