import { expect, test } from 'vitest'
import { Toasts } from '../../../src-renderer/state/toasts.svelte'

function makeToasts() {
  const waiting = new Map<number, () => void>()
  let last = 0
  const waits: number[] = []
  const toasts = new Toasts((milliseconds, work) => {
    const id = ++last
    waits.push(milliseconds)
    waiting.set(id, work)
    return () => waiting.delete(id)
  })
  const pass = (): void => [...waiting.values()].forEach((work) => work())
  const keys = (): string[] => toasts.shown.map(({ message }) => message.key)
  return { toasts, pass, keys, waits }
}

test('a toast goes by itself, one that can be acted on stays longer', () => {
  const { toasts, pass, keys, waits } = makeToasts()
  toasts.show({ key: 'window.undo' })
  toasts.show({ key: 'window.close' }, { label: { key: 'window.undo' }, run: () => {} })
  const shown = keys()
  pass()
  expect([shown, keys(), waits[1] > waits[0]]).toEqual([['window.undo', 'window.close'], [], true])
})

test('a toast stays while someone is at it', () => {
  const { toasts, pass, keys } = makeToasts()
  toasts.show({ key: 'window.undo' })
  const [toast] = toasts.shown
  toasts.hold(toast)
  pass()
  const held = keys()
  toasts.release(toast)
  pass()
  expect([held, keys()]).toEqual([['window.undo'], []])
})

test('the oldest give way when there are too many', () => {
  const { toasts } = makeToasts()
  for (const count of [1, 2, 3, 4, 5]) toasts.show({ key: 'window.atStep', values: { step: count } })
  expect(toasts.shown.map(({ message }) => message.values?.step)).toEqual([3, 4, 5])
})
