import type { Severity } from '#contract/health'
import { expect, test } from 'vitest'
import { Alerts, standingAlarms } from '../../../src-renderer/state/alerts'
import type { FindingGroup } from '../../../src-renderer/state/findings'

const group = (key: string, severity: Severity, more: Partial<FindingGroup> = {}): FindingGroup => ({
  key,
  layer: 'dense_1',
  severity,
  message: { key: 'wire.closed', values: { reason: key } },
  firstStep: 1,
  lastStep: 1,
  count: 1,
  ...more
})
const said = (alerts: Alerts, groups: FindingGroup[], run = 'a'): string[] =>
  alerts.take(run, groups).map(({ is, group: { key } }) => `${is} ${key}`)

test('a finding is said once, however often it happens again', () => {
  const alerts = new Alerts()
  alerts.take('a', [])
  expect([
    said(alerts, [group('spike', 'warning')]),
    said(alerts, [group('spike', 'warning', { count: 9, lastStep: 30 })]),
    said(alerts, [group('spike', 'error')])
  ]).toEqual([['found spike'], [], ['found spike']])
})

test('what is merely worth knowing is not said', () => {
  const alerts = new Alerts()
  alerts.take('a', [])
  expect(said(alerts, [group('scale', 'info')])).toEqual([])
})

test('what was said and is withdrawn is said once, and again when it comes back', () => {
  const alerts = new Alerts()
  alerts.take('a', [])
  const gone = group('plateau', 'warning', { withdrawnAt: 300 })
  expect([
    said(alerts, [group('plateau', 'warning')]),
    said(alerts, [gone]),
    said(alerts, [gone]),
    said(alerts, [group('plateau', 'warning', { count: 2 })])
  ]).toEqual([['found plateau'], ['withdrawn plateau'], [], ['found plateau']])
})

test('of a run that comes on display only the worst is said', () => {
  const alerts = new Alerts()
  const groups = [group('explosion', 'error'), group('spike', 'warning')]
  expect([said(alerts, groups), said(alerts, groups), said(alerts, groups, 'b')]).toEqual([
    ['found explosion'],
    [],
    ['found explosion']
  ])
})

test('alarms that stand are warnings or worse that were not withdrawn', () => {
  const groups = [
    group('a', 'critical'),
    group('b', 'info'),
    group('c', 'warning', { withdrawnAt: 5 }),
    group('d', 'warning')
  ]
  expect(standingAlarms(groups).map(({ key }) => key)).toEqual(['a', 'd'])
})
