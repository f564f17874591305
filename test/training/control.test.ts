import { expect, test } from 'vitest'
import { createControl } from '../../src-main/training/control'

/** Says whether a promise has settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false
  void promise.then(() => (settled = true))
  await new Promise((resolve) => setImmediate(resolve))
  return settled
}

test('a paused loop waits, does one step when asked, and goes on when resumed', async () => {
  const control = createControl()
  expect(await isSettled(control.permission())).toBe(true)
  control.pause()
  const first = control.permission()
  expect(await isSettled(first)).toBe(false)
  control.step()
  expect(await isSettled(first)).toBe(true)
  const second = control.permission()
  expect(await isSettled(second)).toBe(false)
  control.resume()
  expect(await isSettled(second)).toBe(true)
})

test('asking for steps while running leaves none over for a later pause', async () => {
  const control = createControl()
  control.step()
  control.pause()
  expect(await isSettled(control.permission())).toBe(false)
})

test('a wish to stop wakes a paused loop, and the first wish counts', async () => {
  const control = createControl()
  control.pause()
  const permission = control.permission()
  control.stop('interrupted')
  control.stop('stopped')
  expect(await isSettled(permission)).toBe(true)
  expect(control.stopWish).toBe('interrupted')
})

test('a change reaches a paused loop at once and does not use up a step', async () => {
  const control = createControl()
  control.pause()
  const changed = control.change({ path: 'training.batchSize', value: 8 })
  await control.permission()
  const [change] = control.takeChanges()
  change.done(7)
  expect(await changed).toBe(7)
  expect(await isSettled(control.permission())).toBe(false)
})
