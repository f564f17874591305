import { describe, expect, test } from 'vitest'
import { ChartRange, type Reach } from '../../../src-renderer/state/range.svelte'

/** A range over a run that can grow. */
function rangeOf(reach: Reach): { range: ChartRange; grow(newest: number, end?: number): void } {
  let at = $state.raw(reach)
  return {
    range: new ChartRange(() => at),
    grow: (newest, end = at.end) => (at = { newest, end })
  }
}

describe('a range', () => {
  test('shows all of the run until something else is wanted', () => {
    const { range, grow } = rangeOf({ newest: 50, end: 60 })
    const before = range.shown
    grow(70, 80)
    expect([before, range.shown, range.following, range.zoomed]).toEqual([
      { from: 0, to: 60 },
      { from: 0, to: 80 },
      true,
      false
    ])
  })

  test('stays where the user has zoomed to when new steps arrive', () => {
    const { range, grow } = rangeOf({ newest: 500, end: 600 })
    range.show({ from: 100.4, to: 199.6 })
    grow(5000, 6000)
    expect([range.shown, range.following]).toEqual([{ from: 100, to: 199 }, false])
  })

  test('goes on from what another one remembers', () => {
    const { range } = rangeOf({ newest: 500, end: 600 })
    range.show({ from: 100, to: 200 })
    range.pin(150)
    const next = new ChartRange(() => ({ newest: 700, end: 700 }), range.memory)
    expect([next.shown, next.following, next.pinned]).toEqual([{ from: 100, to: 200 }, false, 150])
  })

  test('moves along with the newest step while it follows', () => {
    const { range, grow } = rangeOf({ newest: 500, end: 600 })
    range.show({ from: 100, to: 200 })
    range.follow()
    grow(550)
    expect(range.shown).toEqual({ from: 450, to: 550 })
  })

  test('goes on following when it is zoomed without a centre, and not when it is moved', () => {
    const { range } = rangeOf({ newest: 500, end: 600 })
    range.zoom(0.5)
    const zoomed = [range.shown, range.following]
    range.pan(-50)
    expect([zoomed, range.shown, range.following]).toEqual([
      [{ from: 200, to: 500 }, true],
      { from: 150, to: 450 },
      false
    ])
  })

  test('keeps the centre of a zoom in its place', () => {
    const { range } = rangeOf({ newest: 1000, end: 1000 })
    range.zoom(0.5, 250)
    expect(range.shown).toEqual({ from: 125, to: 625 })
  })

  test('never leaves the run, and spans a few steps at least', () => {
    const { range } = rangeOf({ newest: 1000, end: 1000 })
    range.show({ from: 500, to: 501 })
    const short = range.shown
    range.pan(-10_000)
    const first = range.shown
    range.zoom(1000, 3)
    expect([short, first, range.shown]).toEqual([
      { from: 500, to: 508 },
      { from: 0, to: 8 },
      { from: 0, to: 1000 }
    ])
  })

  test('reads the step under the pointer, then the pinned one, then the newest', () => {
    const { range } = rangeOf({ newest: 1000, end: 1000 })
    range.pin(10)
    range.hover(20)
    const steps = [range.step]
    range.hover(undefined)
    steps.push(range.step)
    range.pin(10)
    expect([...steps, range.step]).toEqual([20, 10, undefined])
  })

  test('comes back to all of the run', () => {
    const { range } = rangeOf({ newest: 1000, end: 1000 })
    range.show({ from: 5, to: 50 })
    range.reset()
    expect([range.shown, range.following]).toEqual([{ from: 0, to: 1000 }, true])
  })
})
