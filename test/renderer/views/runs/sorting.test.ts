import type { RunListing } from '#contract/run'
import { expect, test } from 'vitest'
import { sortRuns } from '../../../../src-renderer/views/runs/sorting'

const run = (id: string, created: number, loss?: number): RunListing => ({
  id,
  folder: '/',
  name: id,
  state: 'completed',
  created,
  steps: 10,
  ...(loss !== undefined && { scores: { test: { loss } } })
})
const runs = [run('b', 3, 0.5), run('a', 1), run('c', 2, 0.1), run('d', 4, NaN)]
const order = (by: 'name' | 'created' | 'loss', descending: boolean): string =>
  sortRuns(runs, { by, descending })
    .map(({ id }) => id)
    .join('')

test('runs are sorted by any column, both ways', () => {
  expect([order('name', false), order('name', true), order('created', true)]).toEqual([
    'abcd',
    'dcba',
    'dbca'
  ])
})

test('runs without a score come last, whichever way they are sorted', () => {
  expect([order('loss', false), order('loss', true)]).toEqual(['cbad', 'bcad'])
})
