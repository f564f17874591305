import { expect, test } from 'vitest'
import { isReached, startPosition, stepsOf } from '../../src-main/training/position'
import { createPace } from '../../src-main/training/pace'
import { isOver, watch, type EarlyStopping } from '../../src-main/training/early-stopping'

test('the steps of a run follow from the samples that are left, also in the middle of an epoch', () => {
  const samples = 1000
  const start = startPosition()
  expect(stepsOf({ epochs: 2 }, start, samples, 128)).toBe(16)
  expect(stepsOf({ epochs: 2 }, { ...start, step: 3, offset: 384 }, samples, 128)).toBe(16)
  // Half of the first epoch went by in batches of 100; the rest goes in batches of 250.
  expect(stepsOf({ epochs: 2 }, { ...start, step: 5, offset: 500 }, samples, 250)).toBe(5 + 6)
  expect(stepsOf({ steps: 40 }, start, samples, 128)).toBe(40)
})

test('a goal is reached at its last epoch or its last step', () => {
  expect(isReached({ epochs: 2 }, { ...startPosition(), epoch: 1 })).toBe(false)
  expect(isReached({ epochs: 2 }, { ...startPosition(), epoch: 2 })).toBe(true)
  expect(isReached({ steps: 5 }, { ...startPosition(), step: 5 })).toBe(true)
})

test('messages leave at most every 50 milliseconds', () => {
  let now = 0
  const pace = createPace(() => now)
  const sent = Array.from({ length: 200 }, () => {
    now += 1
    return pace.mustSend()
  }).filter(Boolean)
  expect(sent.length).toBe(4)
})

test('the rate is that of the last steps, the median that of all', () => {
  const pace = createPace(() => 0)
  for (let i = 0; i < 100; i++) pace.note(10)
  for (let i = 0; i < 50; i++) pace.note(20)
  expect(pace.stepsPerSecond).toBe(50)
  expect(pace.medianMilliseconds).toBe(10)
})

const rule = { monitor: 'validation.loss', patience: 2, minDelta: 0.1, restoreBest: true } as const

test('early stopping waits for an improvement of more than the smallest delta, then ends', () => {
  const losses = [1, 0.95, 0.8, 0.75, NaN]
  let state: EarlyStopping = { waited: 0 }
  const history = losses.map((loss, index) => {
    state = watch(state, rule, { validation: { loss } }, index)
    return { ...state, over: isOver(state, rule) }
  })
  expect(history).toEqual([
    { best: 1, bestStep: 0, waited: 0, over: false },
    { best: 1, bestStep: 0, waited: 1, over: false },
    { best: 0.8, bestStep: 2, waited: 0, over: false },
    { best: 0.8, bestStep: 2, waited: 1, over: false },
    { best: 0.8, bestStep: 2, waited: 2, over: true }
  ])
})

test('accuracy is better when it grows', () => {
  const byAccuracy = { ...rule, monitor: 'test.accuracy', minDelta: 0 } as const
  const first = watch({ waited: 0 }, byAccuracy, { test: { loss: 1, accuracy: 0.5 } }, 1)
  expect(watch(first, byAccuracy, { test: { loss: 2, accuracy: 0.6 } }, 2)).toEqual({
    best: 0.6,
    bestStep: 2,
    waited: 0
  })
})
