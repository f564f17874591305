import type { RunSummary } from '#contract/run'
import { expect, test } from 'vitest'
import { measuringOf, progressOf } from '../../src-main/application/history'

const summary: RunSummary = {
  run: '/runs/a',
  engine: 'wasm',
  compiled: false,
  steps: 10,
  epochs: 1,
  seconds: 20,
  stepMilliseconds: 2,
  parameters: 5,
  refused: 0,
  rollbacks: 0,
  findings: [],
  stopped: 'completed'
}
const ended = (more: Partial<RunSummary>) =>
  ({ type: 'ended', time: 0, step: 10, summary: { ...summary, ...more } }) as const

test('what telemetry cost is the share of all the time that measuring took', () => {
  const events = [ended({ measuring: { telemetry: 'deep', seconds: 5 } })]
  expect([measuringOf(events), progressOf(events, 'completed').measuringShare]).toEqual([
    { telemetry: 'deep', share: 0.25 },
    0.25
  ])
})

test('a run that measured nothing, or has not ended, tells no cost', () => {
  expect([
    measuringOf([ended({})]),
    measuringOf([]),
    measuringOf([ended({ seconds: 0, measuring: { telemetry: 'normal', seconds: 0 } })])
  ]).toEqual([undefined, undefined, undefined])
})
