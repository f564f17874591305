import { experiment } from '#contract/experiment'
import { say } from '#contract/messages'
import { flushSync, mount, tick, unmount } from 'svelte'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { optionOf } from '../../../../src-renderer/components/forms/control'
import type { Form } from '../../../../src-renderer/components/forms/form'
import { Identities } from '../../../../src-renderer/state/identities'
import OptionField from '../../../../src-renderer/components/forms/OptionField.svelte'

const state = $state<{ words: { use: string; [option: string]: unknown }[] }>({ words: [] })
const numbers = new Identities()
let shown: object

const form: Form = {
  say: (key, values) => say('en', key, values),
  hints: {},
  valueAt: (path) =>
    path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown>)?.[key], {
      data: { clean: state.words }
    }),
  set: (path, value) => {
    const [, , index, option] = path.split('.')
    if (index === undefined) state.words = value as typeof state.words
    else state.words[Number(index)][option] = value
  },
  remove: () => {},
  settle: () => {},
  idOf: (item) => numbers.of(item),
  noteOf: (path) => (path === 'data.clean.0' ? 'the first' : undefined)
}

beforeEach(() => {
  state.words = [{ use: 'dropBlank' }, { use: 'dropMissing' }]
  const option = optionOf('clean', experiment.shape.data.shape.clean)
  shown = mount(OptionField, { target: document.body, props: { form, path: 'data.clean', option } })
  flushSync()
})
afterEach(() => unmount(shown))

const uses = (): string[] => state.words.map(({ use }) => use)
const button = (label: string): HTMLButtonElement => {
  const found = document.querySelector<HTMLButtonElement>(`button[aria-label="${label}"]`)
  if (!found) throw new Error(`there is no button “${label}”`)
  return found
}
const press = (target: Element | null, key: string, altKey = false): void => {
  target?.dispatchEvent(new KeyboardEvent('keydown', { key, altKey, bubbles: true }))
}

test('a word is added at the end, with values that can be used, and its fields are drawn', async () => {
  button('Add to “Cleaning”').click()
  flushSync()
  const choice = [...document.querySelectorAll('button')].find((each) =>
    each.textContent?.includes(say('en', 'vocabulary.dropRareClasses'))
  )
  choice?.click()
  await tick()
  expect(state.words.at(-1)).toEqual({ use: 'dropRareClasses', fewerThan: 10 })
  expect(document.querySelector('[data-path="data.clean.2.fewerThan"]')).not.toBeNull()
})

test('words are moved and removed by their buttons and by keys', async () => {
  button(say('en', 'editor.step.down', { step: say('en', 'vocabulary.dropBlank') })).click()
  flushSync()
  expect(uses()).toEqual(['dropMissing', 'dropBlank'])
  press(document.querySelector('[data-item="1"]'), 'ArrowUp', true)
  await tick()
  expect(uses()).toEqual(['dropBlank', 'dropMissing'])
  press(document.querySelector('[data-item="0"]'), 'Delete')
  await tick()
  expect(uses()).toEqual(['dropMissing'])
})

test('what is known of a word stands beside it, and an empty list says what that means', async () => {
  expect(document.querySelector('[data-item="0"]')?.textContent).toContain('the first')
  state.words = []
  await tick()
  expect(document.body.textContent).toContain(say('en', 'editor.place.data.clean.empty'))
})
