import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ExperimentInput } from '#contract/experiment'
import { optimizers, transforms } from '#contract/vocabulary'
import type { TrainerEvent } from '#contract/trainer'
import { readCheckpoint } from '../../src-main/training/checkpoint'
import type { TrainingService } from '../../src-main/training/service'
import { tensorsOf } from '../../src-main/training/step'
import { eventsOf, experimentOf, openWorkplace, trainToEnd, weightsIn, type Workplace } from './sitting'

let workplace: Workplace
beforeAll(async () => (workplace = await openWorkplace()))
afterAll(() => workplace.remove())

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

const transformWords = Object.keys(transforms)
const chains = [
  ...Object.keys(optimizers).map((use, index) => ({
    use,
    transform: transformWords[index % transformWords.length],
    decay: 0.01
  })),
  ...transformWords.map((transform) => ({ use: 'adam', transform, decay: 0 }))
]

test.each(chains)(
  '$transform and $use with a decay of $decay go on exactly, over refused steps and through the middle of an epoch',
  async ({ use, transform, decay }) => {
    const experiment = experimentOf({
      data: {
        source: { use: 'digits' },
        prepare: [{ use: 'scale', by: 1 / 255 }],
        limit: { train: 300, test: 100 },
        // Every third batch is beyond 32 bits.
        faults: [{ use: 'scaleBatch', every: 3, by: 1e38 }]
      },
      gradients: [
        { use: transform, max: 0.5 },
        { use, rate: { use: 'cosine', rate: 0.01, over: 12, unit: 'steps' }, decay }
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
