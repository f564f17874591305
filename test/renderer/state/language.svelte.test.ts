import { Failure } from '#contract/failure'
import type { Settings } from '#contract/settings'
import { expect, test } from 'vitest'
import { Speech } from '../../../src-renderer/state/language.svelte'
import { Appearance } from '../../../src-renderer/state/theme.svelte'
import { preferring } from './preferring.svelte'

test('the window speaks the language of the system until the user chooses one', () => {
  const preferences = preferring()
  const speech = new Speech(preferences, 'zh-TW')
  const before = [speech.language, speech.say('window.start')]
  preferences.current.language = 'en'
  expect([before, [speech.language, speech.say('window.start')]]).toEqual([
    ['zh-CN', '开始'],
    ['en', 'Start']
  ])
})

test('a failure is explained by its sentence, a bug by its message', () => {
  const speech = new Speech(preferring(), 'en')
  expect([speech.explain(new Failure('window.noToken')), speech.explain(new Error('broken'))]).toEqual([
    speech.say('window.noToken'),
    'Something went wrong inside Steadygrad: broken'
  ])
})

test('the theme follows the system until the user chooses one', () => {
  const preferences = preferring()
  const appearance = new Appearance(preferences, { current: true })
  const dark = (['system', 'light', 'dark'] satisfies Settings['theme'][]).map((theme) => {
    preferences.current.theme = theme
    return appearance.dark
  })
  expect(dark).toEqual([true, false, true])
})
