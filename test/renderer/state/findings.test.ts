import type { Finding } from '#contract/health'
import type { RunEventOf } from '#contract/run'
import { expect, test } from 'vitest'
import { groupFindings, type FindingGroup } from '../../../src-renderer/state/findings'

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
const finding = (
  step: number,
  kind: Finding['kind'],
  layer: string,
  severity: Finding['severity'] = 'warning'
): RunEventOf<'finding'> => ({
  type: 'finding',
  time: 0,
  step,
  finding: { kind, layer, step, severity, cause: 'learningRate', evidence: {}, message, advice: message }
})
const withdrawal = (step: number, kind: Finding['kind'], layer: string): RunEventOf<'withdrawn'> => ({
  type: 'withdrawn',
  time: 0,
  step,
  kind,
  layer,
  message
})
const keysOf = (groups: readonly FindingGroup[]): string[] => groups.map(({ key }) => key)

test('what happens again to the same layer is said once, with its number and its steps', () => {
  const groups = groupFindings(
    [],
    [refusal(5, 'dense_1'), refusal(9, 'dense_1'), refusal(7, 'dense_2')],
    [],
    []
  )
  expect(groups.map(({ layer, firstStep, lastStep, count }) => [layer, firstStep, lastStep, count])).toEqual([
    ['dense_1', 5, 9, 2],
    ['dense_2', 7, 7, 1]
  ])
})

test('what the guard did about a step stands beside the finding of its step', () => {
  const back = { key: 'training.guard.spent', values: {} } as const
  const refused = { ...refusal(5, 'dense_1'), action: 'stop', message: back } as const
  const groups = groupFindings([finding(5, 'nonFinite', 'dense_1', 'error')], [refused], [], [])
  expect(groups.map((group) => [group.severity, group.message])).toEqual([
    ['critical', back],
    ['error', message]
  ])
})

test('a finding about a refused step says on which samples it arose', () => {
  const batch = { epoch: 1, offset: 64, count: 32 }
  const refused = {
    ...refusal(5, 'dense_1'),
    batch,
    message: { key: 'training.guard.nonFiniteGradient' }
  } as const
  const tooFar = {
    ...refusal(9, 'dense_2'),
    batch: { ...batch, offset: 96 },
    reason: 'updateRatio',
    message: { key: 'training.guard.updateRatio' }
  } as const
  const groups = groupFindings(
    [
      finding(5, 'nonFinite', 'dense_1', 'critical'),
      finding(5, 'plateau', 'dense_1'),
      finding(9, 'updateTooLarge', 'dense_2', 'error')
    ],
    [refused, tooFar],
    [],
    []
  )
  expect(groups.map(({ key, batch }) => [key, batch?.offset])).toEqual([
    ['nonFinite dense_1', 64],
    ['updateTooLarge dense_2', 96],
    ['plateau dense_1', undefined]
  ])
})

test('a checkpoint that was passed over is a warning about the whole model', () => {
  const values = { lost: 10, step: 5, problem: 'sha256' }
  const lost = { key: 'training.passedOver', values } as const
  const groups = groupFindings([], [], [], [{ type: 'passedOver', time: 0, step: 5, message: lost }])
  expect(groups).toMatchObject([{ layer: undefined, severity: 'warning', message: lost, firstStep: 5 }])
})

test('refusals are left out where a finding says that numbers are not finite', () => {
  const refusals = [refusal(4, 'dense_1'), refusal(5, 'dense_1'), refusal(8, 'dense_1')]
  const groups = groupFindings([finding(5, 'nonFinite', 'dense_1', 'critical')], refusals, [], [])
  expect(keysOf(groups)).toEqual(['nonFinite dense_1', 'guard dense_1/kernel nonFiniteGradient'])
})

test('the worst stands first, and a cause before its symptom', () => {
  const findings = [
    finding(1, 'plateau', 'a'),
    finding(2, 'learningRateTooHigh', 'a'),
    finding(3, 'nonFinite', 'a', 'critical')
  ]
  expect(keysOf(groupFindings(findings, [], [], []))).toEqual([
    'nonFinite a',
    'learningRateTooHigh a',
    'plateau a'
  ])
})

test('what was withdrawn stands last and says since when, unless it was found again', () => {
  const findings = [
    finding(1, 'divergence', 'a', 'error'),
    finding(2, 'plateau', 'a'),
    finding(9, 'deadUnits', 'a')
  ]
  const groups = groupFindings(
    findings,
    [],
    [withdrawal(5, 'divergence', 'a'), withdrawal(5, 'deadUnits', 'a')],
    []
  )
  expect(groups.map(({ key, withdrawnAt }) => [key, withdrawnAt])).toEqual([
    ['deadUnits a', undefined],
    ['plateau a', undefined],
    ['divergence a', 5]
  ])
})
