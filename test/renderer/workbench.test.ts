import { expect, test } from 'vitest'
import { takeToken } from '../../src-renderer/workbench'

test('the token alone is taken out of the address, and found again after a reload', () => {
  const kept = new Map<string, string>()
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value)
  }
  const addresses: unknown[] = []
  const history = { replaceState: (...call: unknown[]) => void addresses.push(call[2]) }
  const place = { pathname: '/', search: '?a=1' }
  const first = takeToken({ ...place, hash: '#view=runs&token=secret' }, history, storage)
  const second = takeToken({ ...place, hash: '' }, history, storage)
  expect([first, second, addresses]).toEqual(['secret', 'secret', ['/?a=1#view=runs']])
})

test('a page without a token says so by having none', () => {
  const nothing = { getItem: () => null, setItem: () => {} }
  expect(takeToken({ hash: '', pathname: '/', search: '' }, { replaceState: () => {} }, nothing)).toBe(
    undefined
  )
})
