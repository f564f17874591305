import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { TrainerEvent } from '#contract/trainer'
import { startEngine } from '../../src-main/engine/backends'
import { createTrainingService, type TrainingService } from '../../src-main/training/service'
import { eventsOf, experimentOf, lastStepOf, trainToEnd, useWorkplace, weightsIn } from './sitting'

const workplace = useWorkplace()

/** A process that stays, and what it tells. */
function open(when: (event: TrainerEvent, service: TrainingService) => void = () => {}): {
  service: TrainingService
  events: TrainerEvent[]
  train(seed: number): Promise<string>
} {
  const events: TrainerEvent[] = []
  let free: () => void = () => {}
  const service: TrainingService = createTrainingService(startEngine, (event) => {
    events.push(event)
    when(event, service)
    if (event.type === 'free') free()
  })
  return {
    service,
    events,
    async train(seed) {
      const folder = workplace.nextFolder()
      const isFree = new Promise<void>((resolve) => (free = resolve))
      const experiment = experimentOf({ seed })
      await service.handlers.train({ folder, dataset: workplace.dataset, experiment, stays: true })
      await Promise.race([isFree, service.finished])
      return folder
    }
  }
}

test('runs that one process trains one after the other are those that processes of their own train', async () => {
  const { train } = open()
  const together = [await weightsIn(await train(1)), await weightsIn(await train(2))]
  const alone = async (seed: number): Promise<unknown> => {
    const folder = workplace.nextFolder()
    await trainToEnd({ folder, dataset: workplace.dataset, experiment: experimentOf({ seed }) })
    return weightsIn(folder)
  }
  expect(together).toEqual([await alone(1), await alone(2)])
})

test('a run leaves nothing in memory, nor its lock, for the one behind it', async () => {
  const { train } = open()
  await train(1)
  const before = tf.memory().numTensors
  const folder = await train(2)
  expect(tf.memory().numTensors).toBe(before)
  expect(existsSync(join(folder, 'run.lock'))).toBe(false)
})

test('the wish to stop one run does not stop the next', async () => {
  const { service, events, train } = open()
  await service.handlers.stop({ interrupted: false })
  await train(1)
  await train(2)
  expect(eventsOf(events, 'ended').map(({ summary }) => summary.stopped)).toEqual(['stopped', 'completed'])
})

test('a process that stays leaves when it is stopped from outside', async () => {
  const { service, events, train } = open((event, service) => {
    if (lastStepOf(event) > 0) service.stop('interrupted')
  })
  await train(1)
  await service.finished
  expect(eventsOf(events, 'ended').map(({ summary }) => summary.stopped)).toEqual(['interrupted'])
  expect(events.some(({ type }) => type === 'free')).toBe(false)
})
