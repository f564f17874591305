import { expect, test } from 'vitest'
import { paced } from '../../../src-renderer/state/paced'

/** Frames that come when the test says so. */
class Frames {
  #waiting: ((time: number) => void)[] = []

  next = (callback: (time: number) => void): unknown => this.#waiting.push(callback)
  come(time: number): void {
    for (const callback of this.#waiting.splice(0)) callback(time)
  }
}

test('work that is asked for many times is done once, before the next frame', () => {
  const frames = new Frames()
  let done = 0
  const ask = paced(frames.next, 100, () => done++)
  ask()
  ask()
  const before = done
  frames.come(0)
  frames.come(200)
  expect([before, done]).toEqual([0, 1])
})

test('work waits until the interval is over, and is not forgotten', () => {
  const frames = new Frames()
  const times: number[] = []
  let now = 0
  const ask = paced(frames.next, 100, () => times.push(now))
  for (now = 0; now <= 250; now += 50) {
    ask()
    frames.come(now)
  }
  expect(times).toEqual([0, 100, 200])
})
