import { expect, test, vi } from 'vitest'
import type { WorkbenchEvent } from '#contract/events'
import { announceTo, type Line } from '../../../src-main/shells/browser/slow-reader'

const steps = (run: string, first: number): WorkbenchEvent => ({
  type: 'run.steps',
  run,
  batch: { first, count: 1, width: 1, values: new Float32Array([first]) }
})
const checkpoint = (step: number): WorkbenchEvent => ({
  type: 'run.event',
  run: 'a',
  event: { type: 'checkpoint', time: 0, step, file: 'file' }
})

/** A page that reads when it is told to, and everything that was sent to it. */
function slowPage() {
  const line = { bufferedAmount: 0, terminate: vi.fn() } satisfies Line
  const sent: WorkbenchEvent[] = []
  return { line, sent, ...announceTo(line, (event) => sent.push(event)) }
}

test('a page that keeps up hears everything in order', () => {
  const { announce, sent } = slowPage()
  const events = [steps('a', 1), checkpoint(1), steps('a', 2)]
  events.forEach(announce)
  expect(sent).toEqual(events)
})

test('a page that falls behind hears rare things at once and of steps the newest of each run once it has caught up', () => {
  vi.useFakeTimers()
  const { announce, sent, line } = slowPage()
  line.bufferedAmount = 2 << 20
  for (let step = 1; step <= 1000; step++) announce(steps('a', step))
  announce(steps('b', 1))
  announce(checkpoint(1000))
  vi.advanceTimersByTime(1000)
  expect(sent).toEqual([checkpoint(1000)])

  line.bufferedAmount = 0
  vi.advanceTimersByTime(50)
  expect(sent).toEqual([checkpoint(1000), steps('a', 1000), steps('b', 1)])
  announce(steps('a', 1001))
  expect(sent.at(-1)).toEqual(steps('a', 1001))
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

test('newer steps do not overtake those that wait', () => {
  vi.useFakeTimers()
  const { announce, sent, line } = slowPage()
  line.bufferedAmount = 2 << 20
  announce(steps('a', 1))
  line.bufferedAmount = 0
  announce(steps('a', 2))
  vi.advanceTimersByTime(50)
  expect(sent).toEqual([steps('a', 2)])
  vi.useRealTimers()
})

test('a page that reads nothing at all is let go', () => {
  const { announce, sent, line } = slowPage()
  line.bufferedAmount = 17 << 20
  announce(checkpoint(1))
  expect([sent, line.terminate.mock.calls.length]).toEqual([[], 1])
})
