import { MessageChannel } from 'node:worker_threads'
import { afterEach, describe, expect, test } from 'vitest'
import type { ExperimentInput } from '#contract/experiment'
import type { Message } from '#contract/messages'
import type { TrainingBatch } from '../../src-main/datasets/batches'
import {
  openFeeding,
  placeAfter,
  serveBatches,
  type BatchPlace,
  type FeedingTask,
  type MakeBatch
} from '../../src-main/datasets/feeding'
import { openParts } from '../../src-main/datasets/parts'
import { feedAhead, feedInPlace, type Feeder, type FeederThread } from '../../src-main/training/feeder'
import { ascending, experimentOn, handleOf, samplesOf } from '../fixtures/dataset'

const SAMPLES = 10
const START: BatchPlace = { epoch: 0, offset: 0, size: 4, step: 0 }

/** Ten pictures of 4 × 4 bytes in shared memory. */
function taskOf(data: Partial<ExperimentInput['data']> = {}): FeedingTask {
  const features = new Uint8Array(new SharedArrayBuffer(SAMPLES * 16) as unknown as ArrayBuffer)
  features.forEach((_, at) => (features[at] = (37 * at) % 251))
  const samples = samplesOf(
    features,
    Int32Array.from({ length: SAMPLES }, (_, sample) => sample % 3)
  )
  const source = handleOf(samples, [4, 4, 1], { test: samples })
  const experiment = experimentOn(data)
  return { part: openParts(source, experiment).parts.train.stored, experiment, summary: source.summary }
}

const open: Feeder[] = []
afterEach(() => open.splice(0).forEach((feeder) => feeder.close()))

/** The other end of a port that answers as the thread would; what is posted crosses as between threads. */
function threadFor(task: FeedingTask) {
  const { port1, port2 } = new MessageChannel()
  serveBatches(port2, task)
  const asked: BatchPlace[] = []
  let die: (problem: string) => void = () => {}
  const closed = new Promise<string>((resolve) => (die = resolve))
  const end = (): void => {
    port1.close()
    die('ended')
  }
  const thread: FeederThread = {
    post: (place) => {
      asked.push(place as BatchPlace)
      port1.postMessage(place)
    },
    listen: (listener) => {
      port1.on('message', listener)
      return () => port1.off('message', listener)
    },
    closed,
    end
  }
  return { thread, asked, die }
}

/** Batches of these sizes, one behind the other, as a feeder gives them. */
async function walk(next: (place: BatchPlace) => Promise<TrainingBatch>, sizes: number[]) {
  const batches: TrainingBatch[] = []
  let place = START
  for (const size of sizes) {
    const batch = await next({ ...place, size })
    batches.push(batch)
    place = placeAfter({ ...place, size }, SAMPLES)
  }
  return batches
}

/** A feeder over a thread; `reasons` are what it told when it lost it. */
function ahead(thread: FeederThread, make: MakeBatch) {
  const reasons: Message[] = []
  const feeder = feedAhead(thread, make, SAMPLES, (reason) => reasons.push(reason))
  open.push(feeder)
  return { feeder, reasons }
}

describe('a thread that works ahead', () => {
  test.each<[string, Partial<ExperimentInput['data']>]>([
    ['plain samples', {}],
    [
      'every augmentation',
      {
        augment: [
          { use: 'shift', by: 0.2 },
          { use: 'rotate', degrees: 20 },
          { use: 'zoom', by: 0.2 },
          { use: 'flip', axis: 'horizontal' },
          { use: 'elastic' },
          { use: 'noise', stddev: 3 },
          { use: 'brightness', by: 9 },
          { use: 'cutout', size: 0.3 },
          { use: 'mixup', alpha: 0.4 }
        ],
        classWeights: 'balanced'
      }
    ],
    ['damage that follows the step', { faults: [{ use: 'scaleBatch', every: 3, by: 1000 }] }],
    ['exchanged targets', { faults: [{ use: 'permuteLabels', share: 1 }] }]
  ])('gives the batches of the training thread, byte for byte: %s', async (_, data) => {
    const task = taskOf(data)
    const { feeder } = ahead(threadFor(task).thread, openFeeding(task))
    // Three epochs with a last batch of two, and then other sizes in the middle of one.
    const sizes = [4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 3, 3, 7, 10, 64]
    const here = feedInPlace(openFeeding(task))
    expect(await walk((place) => feeder.next(place), sizes)).toEqual(
      await walk((place) => here.next(place), sizes)
    )
  })

  test('is never more than three batches ahead, and in order', async () => {
    const task = taskOf()
    const { thread, asked } = threadFor(task)
    const { feeder } = ahead(thread, openFeeding(task))
    await feeder.next(START)
    expect(asked.map(({ epoch, offset, step }) => [epoch, offset, step])).toEqual([
      [0, 0, 0],
      [0, 4, 1],
      [0, 8, 2],
      [1, 0, 3]
    ])
    await feeder.next(placeAfter(START, SAMPLES))
    expect(asked.length).toBe(5)
  })

  test('forgets what it made when the run goes on elsewhere, back or forth', async () => {
    const task = taskOf({ augment: [{ use: 'noise', stddev: 9 }] })
    const make = openFeeding(task)
    const { feeder } = ahead(threadFor(task).thread, make)
    const places = [0, 5, 1, 1].map((step) => ({ epoch: step, offset: 4, size: 3, step }))
    for (const place of places) expect(await feeder.next(place)).toEqual(make(place))
  })

  test('gives memory away with a batch: the samples stay whole', async () => {
    const task = taskOf()
    const before = task.part.features.slice()
    const { feeder } = ahead(threadFor(task).thread, openFeeding(task))
    const { features } = await feeder.next(START)
    features.fill(0)
    expect(task.part.features).toEqual(before)
  })
})

describe('a thread that dies', () => {
  test('is told of once, and the batches that were waited for are made here', async () => {
    const task = taskOf({ augment: [{ use: 'noise', stddev: 9 }] })
    const make = openFeeding(task)
    const { thread, die } = threadFor(task)
    const { feeder, reasons } = ahead({ ...thread, post: () => {} }, make)
    const first = feeder.next(START)
    die('out of memory')
    expect(await first).toEqual(make(START))
    const second = placeAfter(START, SAMPLES)
    expect(await feeder.next(second)).toEqual(make(second))
    expect(reasons).toEqual([{ key: 'training.fedInPlace', values: { problem: 'out of memory' } }])
  })

  test('because its run is over is no news', async () => {
    const task = taskOf()
    const { thread } = threadFor(task)
    const { feeder, reasons } = ahead(thread, openFeeding(task))
    await feeder.next(START)
    feeder.close()
    expect([await thread.closed, reasons]).toEqual(['ended', []])
  })
})

test('an epoch visits every sample once, whatever the size of its batches', () => {
  const make: MakeBatch = openFeeding(taskOf())
  const firsts = (places: BatchPlace[]) =>
    places.flatMap((place) => Array.from(make(place).features.filter((_, at) => at % 16 === 0)))
  const inFours = firsts([0, 4, 8].map((offset, step) => ({ epoch: 1, offset, size: 4, step })))
  expect(inFours).toEqual(firsts([{ epoch: 1, offset: 0, size: 10, step: 9 }]))
  const stored = ascending(SAMPLES).map((sample) => (37 * 16 * sample) % 251)
  expect(inFours.toSorted((a, b) => a - b)).toEqual(stored.toSorted((a, b) => a - b))
})
