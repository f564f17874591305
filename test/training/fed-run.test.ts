import { MessageChannel } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { serveBatches } from '../../src-main/datasets/feeding'
import { startEngine } from '../../src-main/engine/backends'
import type { FeederThread, StartFeederThread } from '../../src-main/training/feeder'
import {
  eventsOf,
  experimentOf,
  lastStepOf,
  trainToEnd,
  useWorkplace,
  weightsIn,
  type Sitting
} from './sitting'

const workplace = useWorkplace()

const { data, ...plain } = experimentOf()
const experiment = experimentOf({
  ...plain,
  data: {
    ...data,
    augment: [
      { use: 'shift', by: 0.1 },
      { use: 'noise', stddev: 5 }
    ]
  }
})

/** Answers over a channel, as the thread does, until it has been asked so many times. */
const startThread =
  (answers: number): StartFeederThread =>
  (task) => {
    const { port1, port2 } = new MessageChannel()
    serveBatches(port2, task)
    let end: (problem: string) => void = () => {}
    const closed = new Promise<string>((resolve) => (end = resolve))
    let asked = 0
    const thread: FeederThread = {
      post: (place) => (asked++ < answers ? port1.postMessage(place) : end('out of memory')),
      listen: (listener) => {
        port1.on('message', listener)
        return () => port1.off('message', listener)
      },
      closed,
      end: () => {
        port1.close()
        end('ended')
      }
    }
    return thread
  }

/** A run to its end, over as many sittings as `stops` says, each interrupted behind the step it names. */
async function run(startFeederThread?: StartFeederThread, stops: number[] = []) {
  const folder = workplace.nextFolder()
  const { dataset } = workplace
  const sittings: Sitting[] = []
  for (const stop of [...stops, Infinity])
    sittings.push(
      await trainToEnd(
        { folder, dataset, ...(sittings.length === 0 && { experiment }) },
        (event, service) => {
          if (lastStepOf(event) >= stop) service.stop('interrupted')
        },
        startEngine,
        { startFeederThread }
      )
    )
  return { weights: await weightsIn(folder), events: sittings.flatMap(({ events }) => events) }
}

test('a run whose batches a thread makes ahead ends with the same weights, through stops and without the thread', async () => {
  const { weights } = await run()
  const ahead = await run(startThread(Infinity))
  expect(ahead.weights).toEqual(weights)
  expect(eventsOf(ahead.events, 'fedInPlace')).toEqual([])
  expect((await run(startThread(Infinity), [2, 7])).weights).toEqual(weights)

  const abandoned = await run(startThread(6))
  expect(abandoned.weights).toEqual(weights)
  expect(eventsOf(abandoned.events, 'fedInPlace').map(({ reason }) => reason)).toEqual([
    { key: 'training.fedInPlace', values: { problem: 'out of memory' } }
  ])
})
