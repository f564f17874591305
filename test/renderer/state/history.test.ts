import { expect, test } from 'vitest'
import { begin, record, redo, settle, undo } from '../../../src-renderer/state/history'

test('every change can be undone and done again, in order', () => {
  const history = record(record(begin('a'), 'b'), 'c')
  const back = undo(undo(history))
  expect([back.present, redo(back).present, redo(redo(back)).present]).toEqual(['a', 'b', 'c'])
})

test('what is typed at one place is undone as a whole', () => {
  const typed = record(record(record(begin('1'), '12', 'units'), '128', 'units'), '0.5', 'rate')
  expect([undo(typed).present, undo(undo(typed)).present]).toEqual(['128', '1'])
})

test('a field that was left and entered again is undone in two steps', () => {
  const typed = record(settle(record(begin('1'), '12', 'units')), '3', 'units')
  expect([undo(typed).present, undo(undo(typed)).present]).toEqual(['12', '1'])
})

test('changes without a place never join', () => {
  expect(undo(record(record(begin(1), 2), 3)).present).toBe(2)
})

test('a change after a step back takes the place of what was undone', () => {
  const history = record(undo(record(begin('a'), 'b')), 'c')
  expect([redo(history).present, undo(history).present]).toEqual(['c', 'a'])
})

test('at either end of the history nothing happens', () => {
  const history = begin('a')
  expect([undo(history), redo(history), record(history, 'a')]).toEqual([history, history, history])
})

test('the history has an end, so that a long day does not fill the memory', () => {
  let history = begin(0)
  for (let value = 1; value <= 1000; value++) history = record(history, value)
  expect([history.past.length, history.past[0]]).toEqual([300, 700])
})
