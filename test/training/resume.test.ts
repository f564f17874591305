import { expect, test } from 'vitest'
import type { ExperimentInput } from '#contract/experiment'
import { hasMomentum, optimizers, transforms, type Optimizer } from '#contract/vocabulary'
import type { TrainerEvent } from '#contract/trainer'
import { readCheckpoint } from '../../src-main/training/checkpoint'
import type { TrainingService } from '../../src-main/training/service'
import { tensorsOf } from '../../src-main/training/step'
import { eventsOf, experimentOf, trainToEnd, useWorkplace, weightsIn } from './sitting'

const workplace = useWorkplace()

/** Pauses a run at its first steps, lets it do single ones, and interrupts it behind a certain one. */
function interruptBehind(step: number): (event: TrainerEvent, service: TrainingService) => void {
  let isAsked = false
  let reached = -1
  return (event, service) => {
    if (event.type === 'steps' && !isAsked) {
      isAsked = true
      void service.handlers.pause({})
    }
    if (event.type !== 'progress' || event.progress.state !== 'paused' || event.progress.step <= reached)
      return
    reached = event.progress.step
    if (reached >= step) service.stop('interrupted')
    else void service.handlers.step({})
  }
}

/** What a word needs, and what makes it change within the few steps of a run. */
const options: Partial<Record<string, object>> = {
  clipByValue: { max: 0.5 },
  clipByNorm: { max: 0.5 },
  clipByGlobalNorm: { max: 0.5 },
  zClip: { warmup: 3, deviations: 0.1 },
  adaGc: { warmup: 3 },
  spam: { reset: 5, warmup: 3, spared: 1, theta: 2 }
}
/** A schedule of the rate, and of the momentum where there is one. */
const scheduleOf = (use: string): object => {
  const word = optimizers[use as Optimizer['use']].parse({ use, rate: 0.01 })
  const length = { rate: 0.01, over: 12, unit: 'steps' }
  return hasMomentum(word)
    ? { use: 'oneCycle', cycleMomentum: true, ...length }
    : { use: 'cosine', ...length }
}
const optimizerWords = Object.keys(optimizers)
const transformWords = Object.keys(transforms)
// Every optimizer and every transform once.
const chains = Array.from({ length: Math.max(optimizerWords.length, transformWords.length) }, (_, index) => ({
  use: optimizerWords[index % optimizerWords.length],
  transform: transformWords[index % transformWords.length]
}))

test.each(chains)(
  '$transform and $use go on exactly, over refused steps and through the middle of an epoch',
  async ({ use, transform }) => {
    const experiment = experimentOf({
      data: {
        source: { use: 'digits' },
        prepare: [{ use: 'scale', by: 1 / 255 }],
        limit: { train: 300, test: 100 },
        // Every third batch is beyond 32 bits.
        faults: [{ use: 'scaleBatch', every: 3, by: 1e38 }]
      },
      gradients: [
        { use: transform, ...options[transform] },
        { use, rate: scheduleOf(use), decay: 0.01, ...options[use] }
      ] as ExperimentInput['gradients'],
      guard: { nonFinite: 'skip' }
    })
    const { dataset } = workplace
    const [whole, folder] = [workplace.nextFolder(), workplace.nextFolder()]
    await trainToEnd({ folder: whole, dataset, experiment })
    const first = await trainToEnd({ folder, dataset, experiment }, interruptBehind(7))
    expect(first.ended?.summary).toMatchObject({ stopped: 'interrupted', steps: 7 })
    expect(eventsOf(first.events, 'guard').length).toBe(2)
    const second = await trainToEnd({ folder, dataset })
    expect(second.ended?.summary).toMatchObject({ stopped: 'completed', steps: 12 })
    expect(await weightsIn(folder)).toEqual(await weightsIn(whole))
  }
)

test.each(Object.keys(optimizers))(
  'what is written while the loop goes on is the state of its step, with %s',
  async (use) => {
    const { dataset } = workplace
    const stateAfterOneOf = async (epochs: number): Promise<unknown> => {
      const folder = workplace.nextFolder()
      const experiment = experimentOf({
        gradients: [{ use, rate: 0.01 }] as ExperimentInput['gradients'],
        training: { batchSize: 50, epochs }
      })
      await trainToEnd({ folder, dataset, experiment })
      const { state } = await readCheckpoint(folder, 5)
      return Object.entries(tensorsOf(state)).map(([name, tensor]) => [name, tensor.dataSync()])
    }
    expect(await stateAfterOneOf(2)).toEqual(await stateAfterOneOf(1))
  }
)
test('a rate that falls on a plateau falls at the same steps when the run goes on', async () => {
  const experiment = experimentOf({
    gradients: [
      {
        use: 'sgd',
        // Nothing is ever better by so much: it falls after every second epoch.
        rate: { use: 'plateau', rate: 0.1, factor: 0.5, patience: 2, minDelta: 100, minRate: 0.03 }
      }
    ],
    training: { batchSize: 50, epochs: 7 }
  })
  const { dataset } = workplace
  const [whole, folder] = [workplace.nextFolder(), workplace.nextFolder()]
  const all = await trainToEnd({ folder: whole, dataset, experiment })
  const first = await trainToEnd({ folder, dataset, experiment }, interruptBehind(18))
  const second = await trainToEnd({ folder, dataset })
  const falls = (events: TrainerEvent[]): unknown =>
    eventsOf(events, 'changed').map(({ step, path, to }) => [step, path, (to as { rate: number }).rate])
  // The first epoch is the best of all; five steps are one.
  expect(falls(all.events)).toEqual([
    [16, 'gradients.0.rate', 0.05],
    [26, 'gradients.0.rate', 0.03]
  ])
  expect(falls([...first.events, ...second.events])).toEqual(falls(all.events))
  expect(await weightsIn(folder)).toEqual(await weightsIn(whole))
})
