import { expect, test } from 'vitest'
import {
  keepDesk,
  recallDesk,
  type DeskMemory,
  type TabStorage
} from '../../../../src-renderer/views/charts/desk-memory'

function storageOf(texts: Record<string, string> = {}): TabStorage {
  const held = new Map(Object.entries(texts))
  return { getItem: (name) => held.get(name) ?? null, setItem: (name, text) => void held.set(name, text) }
}

const first: DeskMemory = {
  view: 'gradients',
  quantity: 'gradient',
  smoothing: 0,
  afterChain: false,
  withoutTotal: false,
  left: []
}

test('charts begin as they are at first when nothing was kept', () => {
  expect(recallDesk(storageOf())).toEqual(first)
})

test('charts are recalled as they were left', () => {
  const storage = storageOf()
  const left: DeskMemory = {
    view: 'map',
    quantity: 'ratio',
    smoothing: 0.6,
    afterChain: true,
    withoutTotal: true,
    left: ['dense_2'],
    run: { id: 'a', range: { span: { from: 10, to: 20 }, following: false, pinned: 12 } }
  }
  keepDesk(storage, left)
  expect(recallDesk(storage)).toEqual(left)
})

test('a chart that is no longer known gives way to the first', () => {
  const storage = storageOf()
  keepDesk(storage, { ...first, view: 'histogram' as never, quantity: 'weight' as never })
  expect(recallDesk(storage)).toEqual(first)
})
