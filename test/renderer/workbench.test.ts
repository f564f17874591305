import { expect, test } from 'vitest'
import { takeToken, uploadBody } from '../../src-renderer/workbench'

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

test('files are sent as the list of them and then one behind the other', async () => {
  const picked = [
    { path: '图片/1.png', file: new File(['first'], '1.png') },
    { path: '图片/2.png', file: new File([''], '2.png') },
    { path: '图片/3.png', file: new File(['third'], '3.png') }
  ]
  const bytes = await uploadBody(picked).arrayBuffer()
  const end = 4 + new DataView(bytes).getUint32(0, true)
  const text = (from: number, to?: number): string => new TextDecoder().decode(bytes.slice(from, to))
  expect([JSON.parse(text(4, end)), text(end)]).toEqual([
    {
      files: [
        { path: '图片/1.png', bytes: 5 },
        { path: '图片/2.png', bytes: 0 },
        { path: '图片/3.png', bytes: 5 }
      ]
    },
    'firstthird'
  ])
})
