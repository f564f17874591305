import { expect, test } from 'vitest'
import { countMeasured, isMeasured, telemetryPresets } from '#contract/measures'

const measuredUpTo = (preset: (typeof telemetryPresets)[number], last: number): number[] =>
  Array.from({ length: last }, (_, index) => index + 1).filter((step) => isMeasured(preset, step))

test('normal measures at the first steps and then every 50th, deep at every 10th besides', () => {
  expect(measuredUpTo('normal', 160)).toEqual([1, 2, 5, 10, 20, 30, 40, 50, 100, 150])
  expect(measuredUpTo('deep', 71)).toEqual([1, 2, 5, 10, 20, 30, 40, 50, 60, 70])
  expect([measuredUpTo('off', 200), measuredUpTo('light', 200)]).toEqual([[], []])
})

test('how many steps are measured follows from the number of the step', () => {
  for (const preset of telemetryPresets)
    for (const step of [0, 1, 2, 4, 5, 39, 40, 49, 50, 51, 99, 100, 305])
      expect([preset, step, countMeasured(preset, step)]).toEqual([
        preset,
        step,
        measuredUpTo(preset, step).length
      ])
})
