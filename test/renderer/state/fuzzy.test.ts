import { expect, test } from 'vitest'
import { rate } from '../../../src-renderer/state/fuzzy'

const best = (typed: string, texts: string[]): string | undefined =>
  texts
    .filter((text) => rate(text, typed) >= 0)
    .toSorted((a, b) => rate(b, typed) - rate(a, typed))
    .at(0)

test('the beginnings of words find more surely than letters within them', () => {
  expect(best('gr', ['Programs', 'Go to Runs', 'Train'])).toBe('Go to Runs')
})

test('letters in a row find more surely than scattered ones', () => {
  expect(best('run', ['Restart under new', 'Go to Runs'])).toBe('Go to Runs')
})

test('Chinese names are found by their characters, and nothing by letters that are not there', () => {
  expect([best('设置', ['转到运行', '转到设置']), best('xyz', ['Train'])]).toEqual(['转到设置', undefined])
})
