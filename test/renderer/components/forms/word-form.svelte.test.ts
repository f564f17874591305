import { say } from '#contract/messages'
import { vocabulary } from '#contract/vocabulary'
import { flushSync, mount, unmount } from 'svelte'
import { afterEach, describe, expect, test } from 'vitest'
import { optionsOf } from '../../../../src-renderer/components/forms/control'
import { labelOf, type Form } from '../../../../src-renderer/components/forms/form'
import { startOf } from '../../../../src-renderer/components/forms/start'
import { Identities } from '../../../../src-renderer/state/identities'
import WordForm from '../../../../src-renderer/components/forms/WordForm.svelte'

const words = Object.values(vocabulary)
  .flatMap((group) => Object.entries(group))
  .map(([use, schema]) => ({ use, options: optionsOf(schema) }))

const english: Form['say'] = (key, values) => say('en', key, values)
let shown: object | undefined

/** A form over one word, whose values are plain state. */
function show(use: string, options: ReturnType<typeof optionsOf>) {
  const state = $state<{ word: Record<string, unknown> }>({ word: startOf(use, options) })
  const settled = { count: 0 }
  const numbers = new Identities()
  const at = (path: string): unknown =>
    path
      .split('.')
      .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], state)
  const form: Form = {
    say: english,
    hints: {},
    idOf: (item) => numbers.of(item),
    valueAt: at,
    set: (path, value) => {
      const [, option, ...deeper] = path.split('.')
      if (deeper.length === 0) state.word[option] = value
      else (state.word[option] as Record<string, unknown>)[deeper[0]] = value
    },
    remove: (path) => {
      delete state.word[path.split('.')[1]]
    },
    settle: () => settled.count++
  }
  shown = mount(WordForm, { target: document.body, props: { form, path: 'word', use, options } })
  flushSync()
  return { state, settled }
}

function field(label: string): HTMLInputElement {
  const found = [...document.querySelectorAll('label')].find((each) =>
    each.textContent?.trim().startsWith(label)
  )
  return document.getElementById(found?.htmlFor ?? '') as HTMLInputElement
}

function type(input: HTMLInputElement, text: string): void {
  input.focus()
  input.value = text
  input.dispatchEvent(new Event('input', { bubbles: true }))
  flushSync()
}

afterEach(async () => {
  if (shown) await unmount(shown)
  shown = undefined
})

test.each(words)('the form of $use has a labelled control for each of its options', ({ use, options }) => {
  show(use, options)
  const labels = options
    .filter(({ control }) => control.kind !== 'words')
    .map(({ name }) => labelOf(english, '', use, name))
  const controls = labels.map((label) => field(label))
  expect(controls.map((control) => ['INPUT', 'SELECT'].includes(control?.tagName))).toEqual(
    labels.map(() => true)
  )
})

describe('a field', () => {
  const dense = words.find(({ use }) => use === 'dense') as (typeof words)[number]

  test('puts a value in force while it is typed', () => {
    const { state } = show('dense', dense.options)
    type(field('Units'), '12')
    expect(state.word.units).toBe(12)
  })

  test('keeps what cannot be used as it was typed, and says what it needs', () => {
    const { state } = show('dense', dense.options)
    const units = field('Units')
    type(units, '1e')
    units.dispatchEvent(new Event('blur'))
    flushSync()
    const sentence = document.getElementById(units.getAttribute('aria-describedby') ?? '')?.textContent
    expect([state.word.units, units.value, units.getAttribute('aria-invalid'), sentence]).toEqual([
      '1e',
      '1e',
      'true',
      'Type a whole number, such as 32.'
    ])
  })

  test('takes back what was typed with Escape', () => {
    const { state } = show('dense', dense.options)
    const units = field('Units')
    units.dispatchEvent(new Event('focus'))
    type(units, '7')
    units.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
    flushSync()
    expect([state.word.units, units.value]).toEqual([64, '64'])
  })

  test('that is emptied falls back to its default', () => {
    const pooling = words.find(({ use }) => use === 'maxPooling2d') as (typeof words)[number]
    const { state } = show('maxPooling2d', pooling.options)
    type(field('Window'), '3 × 5')
    const typed = state.word.size
    type(field('Window'), '')
    expect([typed, 'size' in state.word, field('Window').placeholder]).toEqual([[3, 5], false, '2'])
  })

  test('for one of several words shows the options of the one that is chosen', () => {
    const { state } = show('dense', dense.options)
    const initializer = field('Initial weights') as unknown as HTMLSelectElement
    initializer.value = 'constant'
    initializer.dispatchEvent(new Event('change', { bubbles: true }))
    flushSync()
    expect([(state.word.initializer as { use: string }).use, field('Value')?.tagName]).toEqual([
      'constant',
      'INPUT'
    ])
  })
})

test('a plain rate becomes the rate of the schedule that is chosen, and comes back', () => {
  const adam = words.find(({ use }) => use === 'adam') as (typeof words)[number]
  const { state } = show('adam', adam.options)
  const kind = (): HTMLSelectElement =>
    document.querySelector('[aria-label="Kind of Learning rate"]') as HTMLSelectElement
  const choose = (value: string): unknown => {
    kind().value = value
    kind().dispatchEvent(new Event('change', { bubbles: true }))
    flushSync()
    return $state.snapshot(state.word.rate)
  }
  expect([choose('cosine'), choose('')]).toEqual([{ use: 'cosine', rate: 0.001, over: 5 }, 0.001])
})
