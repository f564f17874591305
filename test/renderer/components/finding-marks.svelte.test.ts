import { flushSync, mount, unmount } from 'svelte'
import { afterEach, beforeEach, expect, test } from 'vitest'
import FindingMarks from '../../../src-renderer/components/FindingMarks.svelte'

let chosen: string[]
let component: Record<string, unknown>
const buttons = (): HTMLButtonElement[] => [...document.querySelectorAll('button')]

beforeEach(() => {
  chosen = []
  component = mount(FindingMarks, {
    target: document.body,
    props: {
      label: 'marks',
      width: 400,
      marks: [
        { key: 'late', x: 300, y: 20, severity: 'error', label: 'It exploded.', chosen: false },
        { key: 'early', x: 40, y: 20, severity: 'warning', label: 'It vanished.', chosen: true }
      ],
      onchoose: (key: string) => chosen.push(key)
    }
  })
})
afterEach(() => unmount(component))

test('marks are one stop for the Tab key, in the order of their steps', () => {
  expect(buttons().map((button) => [button.getAttribute('aria-label'), button.tabIndex])).toEqual([
    ['It vanished.', 0],
    ['It exploded.', -1]
  ])
})

test('arrows go from mark to mark, and the one with the focus shows its sentence', () => {
  buttons()[0].focus()
  buttons()[0].dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }))
  flushSync()
  expect([document.activeElement, document.querySelector('p')?.textContent.trim()]).toEqual([
    buttons()[1],
    'It exploded.'
  ])
})

test('the mark of what the user looks at is pressed, and a click chooses', () => {
  buttons()[1].click()
  expect([buttons().map((button) => button.getAttribute('aria-pressed')), chosen]).toEqual([
    ['true', 'false'],
    ['late']
  ])
})
