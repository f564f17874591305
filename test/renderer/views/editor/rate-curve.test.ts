import { schedule as schema, type Schedule } from '#contract/vocabulary'
import { describe, expect, test } from 'vitest'
import { rateAt } from '../../../../src-main/gradients/schedules'
import { curveOf, pathOf, rateOfStep } from '../../../../src-renderer/views/editor/rate-curve'

const momentum = { cycleMomentum: true, highMomentum: 0.95, lowMomentum: 0.85 }
const oneCycle = { use: 'oneCycle', rate: 0.1, startDivisor: 25, finalDivisor: 1e5, ...momentum } as const
const schedules: Schedule[] = [
  { use: 'constant', rate: 0.1 },
  { use: 'warmup', rate: 0.1, over: 2, unit: 'epochs' },
  { use: 'warmup', rate: 0.1, over: 30, unit: 'steps' },
  { use: 'cosine', rate: 0.1, over: 5, warmup: 1, final: 0.01, unit: 'epochs' },
  { use: 'cosine', rate: 0.1, over: 40, warmup: 0, final: 0, unit: 'steps' },
  { use: 'step', rate: 0.1, every: 1.5, factor: 0.5, unit: 'epochs' },
  { use: 'step', rate: 0.1, every: 7, factor: 0.1, unit: 'steps' },
  { use: 'exponential', rate: 0.1, every: 2, factor: 0.9, unit: 'epochs' },
  { ...oneCycle, rise: 0.25, over: 5, unit: 'epochs' },
  { ...oneCycle, rise: 0, over: 40, unit: 'steps' },
  { ...oneCycle, rise: 1, over: 40, unit: 'steps' },
  {
    use: 'plateau',
    rate: 0.1,
    monitor: 'validation.loss',
    factor: 0.1,
    patience: 3,
    minDelta: 0,
    minRate: 0
  }
]

describe.each(schedules)('the schedule $use', (schedule) => {
  test('is drawn with the rates that the core trains with', () => {
    const stepsPerEpoch = 10
    const steps = Array.from({ length: 60 }, (_, step) => step)
    const drawn = steps.map((step) => rateOfStep(schedule, step, stepsPerEpoch))
    const trained = steps.map((step) =>
      rateAt(schedule, { step, updates: step, epoch: step / stepsPerEpoch, stepsPerEpoch })
    )
    drawn.forEach((rate, step) => expect(rate).toBeCloseTo(trained[step], 12))
  })
})

test('every schedule of the vocabulary can be drawn', () => {
  const drawn = schema.options.map(({ shape }) => shape.use.value).sort()
  expect([...new Set(schedules.map(({ use }) => use))].sort()).toEqual(drawn)
})

test('a curve holds the first and the last step of the run', () => {
  const curve = curveOf(
    { use: 'warmup', rate: 1, over: 1000, unit: 'steps' },
    { steps: 1000, stepsPerEpoch: 10 }
  )
  expect([curve[0], curve.at(-1), curve.length]).toEqual([1 / 1000, 1, 160])
})

test('the highest rate touches the top of the picture, and zero its floor', () => {
  expect([pathOf([0, 1, 0.5], 100, 40), pathOf([0.1], 100, 40)]).toEqual([
    'M0.0 40.0L50.0 0.0L100.0 20.0',
    'M0.0 0.0L100 0.0'
  ])
})
