import type { RunEventOf } from '#contract/run'
import { expect, test } from 'vitest'
import { groupFindings } from '../../../src-renderer/state/findings'

const message = { key: 'wire.closed', values: { reason: 'test' } } as const
const refusal = (step: number, layer: string): RunEventOf<'guard'> => ({
  type: 'guard',
  time: 0,
  step,
  action: 'skip',
  layer,
  tensor: `${layer}/kernel`,
  reason: 'nonFiniteGradient',
  message
})
const finding = (step: number, layer: string): RunEventOf<'finding'> => ({
  type: 'finding',
  time: 0,
  step,
  finding: { kind: 'nonFinite', layer, step, severity: 'error', cause: 'gradient', message }
})

test('what happens again to the same layer is said once, with its number and its steps', () => {
  const groups = groupFindings([], [refusal(5, 'dense_1'), refusal(9, 'dense_1'), refusal(7, 'dense_2')])
  expect(groups.map(({ layer, firstStep, lastStep, count }) => [layer, firstStep, lastStep, count])).toEqual([
    ['dense_1', 5, 9, 2],
    ['dense_2', 7, 7, 1]
  ])
})

test('what the guard did about a step stands beside the finding of its step', () => {
  const back = { key: 'training.guard.spent', values: {} } as const
  const refused = { ...refusal(5, 'dense_1'), action: 'stop', message: back } as const
  const groups = groupFindings([finding(5, 'dense_1')], [refused])
  expect(groups.map((group) => [group.severity, group.message])).toEqual([
    ['error', message],
    ['critical', back]
  ])
})

test('a checkpoint that was passed over is a warning about the whole model', () => {
  const values = { lost: 10, step: 5, problem: 'sha256' }
  const lost = { key: 'training.passedOver', values } as const
  const groups = groupFindings([], [], [{ type: 'passedOver', time: 0, step: 5, message: lost }])
  expect(groups).toMatchObject([{ layer: undefined, severity: 'warning', message: lost, firstStep: 5 }])
})

test('a finding takes the place of the refusal of its step', () => {
  const groups = groupFindings([finding(5, 'dense_1')], [refusal(5, 'dense_1'), refusal(8, 'dense_1')])
  expect(groups.map(({ key, lastStep }) => [key, lastStep])).toEqual([
    ['guard dense_1/kernel nonFiniteGradient', 8],
    ['nonFinite dense_1 gradient', 5]
  ])
})
