import { Failure } from '#contract/failure'
import { expect, test } from 'vitest'
import { Speech } from '../../../src-renderer/state/language.svelte'
import { Appearance } from '../../../src-renderer/state/theme.svelte'

function storage(kept: Record<string, string> = {}) {
  return {
    kept,
    getItem: (key: string) => kept[key] ?? null,
    setItem: (key: string, value: string) => {
      kept[key] = value
    }
  }
}

test('the window speaks the language of the system until the user chooses one', () => {
  const place = storage()
  const first = new Speech(place, 'zh-TW')
  const before = first.language
  first.language = 'en'
  expect([before, new Speech(place, 'zh-TW').language]).toEqual(['zh-CN', 'en'])
})

test('what is said changes with the language', () => {
  const speech = new Speech(storage(), 'en-GB')
  const english = speech.say('window.start')
  speech.language = 'zh-CN'
  expect([english, speech.say('window.start')]).toEqual(['Start', '开始'])
})

test('a failure is explained by its sentence, a bug by its message', () => {
  const speech = new Speech(storage(), 'en')
  expect([speech.explain(new Failure('window.noToken')), speech.explain(new Error('broken'))]).toEqual([
    speech.say('window.noToken'),
    'Something went wrong inside Steadygrad: broken'
  ])
})

test('the theme follows the system until the user chooses one', () => {
  const place = storage()
  const appearance = new Appearance(place, { current: true })
  const before = appearance.dark
  appearance.theme = 'light'
  expect([before, appearance.dark, new Appearance(place, { current: true }).theme]).toEqual([
    true,
    false,
    'light'
  ])
})
