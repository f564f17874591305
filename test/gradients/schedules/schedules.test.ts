import { expect, test } from 'vitest'
import { schedule, type Schedule } from '#contract/vocabulary'
import { momentumAt, rateAt } from '../../../src-main/gradients/schedules'

const STEPS_PER_EPOCH = 4
/** Rates of the first steps of a run. */
const rates = (rate: number | Schedule, count: number): number[] =>
  Array.from({ length: count }, (_, step) => {
    const clock = { step, updates: step, epoch: step / STEPS_PER_EPOCH, stepsPerEpoch: STEPS_PER_EPOCH }
    return Number(rateAt(rate, clock).toFixed(9))
  })

test('a number and a constant schedule are the same at every step', () => {
  expect([rates(0.3, 3), rates({ use: 'constant', rate: 0.3 }, 3)]).toEqual([
    [0.3, 0.3, 0.3],
    [0.3, 0.3, 0.3]
  ])
})

test('what rollbacks left of the rate is a factor of it, of a number and of a schedule', () => {
  const clock = { step: 1, updates: 1, epoch: 0, stepsPerEpoch: 10, rateFactor: 0.25 }
  const warmup = { use: 'warmup', rate: 1, over: 4, unit: 'steps' } as const
  expect([rateAt(0.4, clock), rateAt(warmup, clock)]).toEqual([0.1, 0.125])
})

test('a warm-up rises in equal parts and wastes no step on a rate of zero', () => {
  expect(rates({ use: 'warmup', rate: 1, over: 4, unit: 'steps' }, 6)).toEqual([0.25, 0.5, 0.75, 1, 1, 1])
})

test('a schedule in epochs is the same schedule in steps', () => {
  const warmup = { use: 'warmup', rate: 2 } as const
  expect(rates({ ...warmup, over: 1.5, unit: 'epochs' }, 10)).toEqual(
    rates({ ...warmup, over: 6, unit: 'steps' }, 10)
  )
  const cosine = { use: 'cosine', rate: 2, final: 0.1 } as const
  expect(rates({ ...cosine, over: 3, warmup: 0.5, unit: 'epochs' }, 14)).toEqual(
    rates({ ...cosine, over: 12, warmup: 2, unit: 'steps' }, 14)
  )
})

test('a cosine begins at the rate, is halfway in the middle and stays at its final rate', () => {
  const cosine = { use: 'cosine', rate: 1, over: 8, warmup: 0, final: 0.2, unit: 'steps' } as const
  const found = rates(cosine, 10)
  expect([found[0], found[4], found[8], found[9]]).toEqual([1, 0.6, 0.2, 0.2])
  expect(found.slice(0, 9)).toEqual(found.slice(0, 9).sort((a, b) => b - a))
})

test('the warm-up of a cosine counts among its length', () => {
  const cosine = { use: 'cosine', rate: 1, over: 6, warmup: 2, final: 0, unit: 'steps' } as const
  expect(rates(cosine, 8)).toEqual([0.5, 1, 1, 0.853553391, 0.5, 0.146446609, 0, 0])
})

test('a rate in steps falls at once behind every stretch', () => {
  const step = { use: 'step', rate: 8, every: 3, factor: 0.5, unit: 'steps' } as const
  expect(rates(step, 8)).toEqual([8, 8, 8, 4, 4, 4, 2, 2])
  expect(rates({ ...step, every: 0.75, unit: 'epochs' }, 8)).toEqual(rates(step, 8))
})

test('a fraction of an epoch that falls short by rounding is a whole stretch', () => {
  const step = { use: 'step', rate: 1, every: 0.1, factor: 0.5, unit: 'epochs' } as const
  const clock = { step: 3, updates: 3, epoch: 3 * 0.1, stepsPerEpoch: 10 }
  expect([0.3, 0.1 + 0.1 + 0.1 - 1e-15].map((epoch) => rateAt(step, { ...clock, epoch }))).toEqual([
    0.125, 0.125
  ])
})

test('an exponential rate loses the same share in every stretch of time', () => {
  const exponential = { use: 'exponential', rate: 3, factor: 0.25, every: 2, unit: 'steps' } as const
  expect(rates(exponential, 5)).toEqual([3, 1.5, 0.75, 0.375, 0.1875])
})

const cycle = {
  use: 'oneCycle',
  rate: 1,
  over: 8,
  rise: 0.25,
  startDivisor: 25,
  finalDivisor: 1e5,
  cycleMomentum: true,
  highMomentum: 0.95,
  lowMomentum: 0.85,
  unit: 'steps'
} as const

test('one cycle rises to its rate and falls far below its start, each along half a cosine, and stays there', () => {
  const found = rates(cycle, 10)
  expect([found[0], found[1], found[2], found[5], found[8], found[9]]).toEqual([
    0.04, 0.52, 1, 0.500005, 0.00001, 0.00001
  ])
})

test('the momentum of one cycle falls while the rate rises, and rises again while that falls', () => {
  const momenta = Array.from({ length: 10 }, (_, step) =>
    momentumAt(0.9, cycle, { step, updates: step, epoch: 0, stepsPerEpoch: 100 })
  )
  const rounded = momenta.map((momentum) => Number(momentum.toFixed(9)))
  expect([rounded[0], rounded[1], rounded[2], rounded[5], rounded[8], rounded[9]]).toEqual([
    0.95, 0.9, 0.85, 0.9, 0.95, 0.95
  ])
})

test('without a cycle of momentum an optimizer has its own', () => {
  const clock = { step: 2, updates: 2, epoch: 0, stepsPerEpoch: 100 }
  const rates = [0.1, schedule.parse({ use: 'constant', rate: 0.1 }), { ...cycle, cycleMomentum: false }]
  expect(rates.map((rate) => momentumAt(0.9, rate, clock))).toEqual([0.9, 0.9, 0.9])
})

test('a plateau has the rate that the experiment says until a score changes it', () => {
  const plateau = schedule.parse({ use: 'plateau', rate: 0.3 })
  expect(rates(plateau, 3)).toEqual([0.3, 0.3, 0.3])
})
