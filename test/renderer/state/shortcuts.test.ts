import { describe, expect, test } from 'vitest'
import { chordOf, mayAct, writeChord } from '../../../src-renderer/state/shortcuts'

const press = (key: string, held: Partial<KeyboardEvent> = {}) =>
  chordOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held })

test('a chord is named by its key and by what is held, and Command counts as Ctrl', () => {
  expect([
    press('s'),
    press(' '),
    press('?', { shiftKey: true }),
    press('k', { ctrlKey: true }),
    press('k', { metaKey: true }),
    press('Enter', { ctrlKey: true }),
    press('S', { shiftKey: true }),
    press('s', { altKey: true }),
    press('Control', { ctrlKey: true })
  ]).toEqual(['S', 'Space', '?', 'Ctrl+K', 'Ctrl+K', 'Ctrl+Enter', 'Shift+S', undefined, undefined])
})

describe('a chord acts', () => {
  const focusOn = (html: string): Element => {
    document.body.innerHTML = html
    return document.body.querySelector('[data-focus]') as Element
  }
  const acts = (html: string, letters = true): boolean[] =>
    ['Ctrl+K', 'Space', 'S'].map((chord) => mayAct(chord, focusOn(html), letters))

  test('everywhere on the page', () => expect(acts('<h2 data-focus>')).toEqual([true, true, true]))
  test('with Ctrl alone while a text is typed', () =>
    expect(acts('<textarea data-focus>')).toEqual([true, false, false]))
  test('not by Space on a button, which Space presses', () =>
    expect(acts('<button data-focus>')).toEqual([true, false, true]))
  test('not by letters where they are switched off', () =>
    expect(acts('<h2 data-focus>', false)).toEqual([true, true, false]))
  test('never in a dialog, which has keys of its own', () =>
    expect(acts('<dialog><p data-focus></p></dialog>')).toEqual([false, false, false]))
})

test('a chord is written as the keyboard has it', () => {
  expect([writeChord('Ctrl+Enter', false), writeChord('Ctrl+K', true)]).toEqual(['Ctrl+Enter', '⌘K'])
})
