import { say } from '#contract/messages'
import { flushSync, mount, unmount, type Component } from 'svelte'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  provideAppearance,
  provideLibrary,
  providePlace,
  provideSession,
  provideSpeech
} from '../../../../src-renderer/state/context'
import { Speech } from '../../../../src-renderer/state/language.svelte'
import { Library } from '../../../../src-renderer/state/library.svelte'
import type { Session } from '../../../../src-renderer/state/session.svelte'
import { Appearance } from '../../../../src-renderer/state/theme.svelte'
import { Toasts } from '../../../../src-renderer/state/toasts.svelte'
import { Place } from '../../../../src-renderer/state/view.svelte'
import Learn from '../../../../src-renderer/views/learn/Learn.svelte'
import { Lesson } from '../../../../src-renderer/views/learn/lesson.svelte'
import { FakeWorkbench } from '../../fake-workbench'
import { sessionOver, settle as settleSession } from '../../settled-session'

let workbench: FakeWorkbench
let session: Session
let place: Place
let lesson: Lesson
let shown: object

const settle = async (): Promise<void> => {
  await settleSession()
  flushSync()
}

/** The view with all that the window gives it. */
const Framed: Component<{ lesson: Lesson }> = (internals, props) => {
  provideSession(session)
  provideSpeech(new Speech(session.preferences, 'en'))
  provideAppearance(new Appearance(session.preferences, { current: false }))
  provideLibrary(new Library(session, new Toasts(() => () => {})))
  providePlace(place)
  return Learn(internals, props)
}

beforeEach(async () => {
  workbench = new FakeWorkbench()
  session = sessionOver(workbench)
  place = new Place({ hash: '#view=learn', write: () => {} })
  lesson = new Lesson(session)
  void session.stay()
  await settle()
  shown = mount(Framed, { target: document.body, props: { lesson }, context: new Map() })
  await settle()
})
afterEach(() => unmount(shown))

const find = (selector: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(selector)
  if (!found) throw new Error(`nothing is ${selector}`)
  return found
}
const text = (element: Element | null): string => element?.textContent?.replace(/\s+/g, ' ').trim() ?? ''
const table = (label: string): HTMLElement => find(`[role=region][aria-label="${label}"] table`)
const rowsOf = (of: HTMLElement): string[][] =>
  [...of.querySelectorAll('tbody tr')].map((row) => [...row.children].map(text))
/** What is seen of a cell of the map. */
const seen = (cell: Element): string => text(cell.querySelector('[aria-hidden]'))
const press = (element: Element, key: string): void => {
  element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
  flushSync()
}

test('the claim is answered with the numbers of the results, and the pairs stand below it', () => {
  expect(text(find('.verdict'))).toBe(say('en', 'learn.verdict.refuted', { pairs: 4, smaller: 4 }))
  expect(rowsOf(table(say('en', 'learn.pairs')))).toEqual([
    ['Glorot', '×0.251', '×0.502', '2.51e-1', '5.02e-1', '20.00% ± 0.00%', '40.00% ± 0.00%'],
    ['N(0, 1)', '×1.00', '×8.04', '1.00e0', '8.04e0', '80.00% ± 0.00%', '80.00% ± 0.00%']
  ])
})

test('each cell of the map has a number and a glyph besides its colour, and a name that says all of it', () => {
  const cells = [...document.querySelectorAll('[role=gridcell]')]
  expect([cells.length, seen(cells[1]), seen(cells[4]), seen(cells[0])]).toEqual([12, '↓0.50', '↑8.04', '–'])
  expect(text(cells[4].querySelector('.visually-hidden'))).toBe(
    'ReLU · N(0, 1) · 2: Factor per layer ×8.04 ± 0.06'
  )
})

test('the map is moved through by arrow keys, and Enter chooses a cell', () => {
  const grid = find('[role=grid]')
  find('[data-place="0,0"]').focus()
  press(grid, 'ArrowRight')
  press(grid, 'ArrowDown')
  const place = (document.activeElement as HTMLElement).dataset.place
  const before = document.activeElement?.getAttribute('aria-selected')
  press(grid, 'Enter')
  expect([place, before, document.activeElement?.getAttribute('aria-selected')]).toEqual([
    '1,1',
    'true',
    'false'
  ])
})

test('one depth shows a column for each initializer, and its rows in the table', () => {
  find('input[type=radio][value="4"]').click()
  flushSync()
  expect([
    document.querySelectorAll('[role=gridcell]').length,
    rowsOf(table(say('en', 'learn.all'))).map(([, , depth]) => depth)
  ]).toEqual([4, ['4', '4', '4', '4']])
})

test('another number is drawn when it is chosen', () => {
  const select = find('select') as HTMLSelectElement
  select.value = 'testAccuracy'
  select.dispatchEvent(new Event('change', { bubbles: true }))
  flushSync()
  expect(seen(find('[data-place="0,1"]'))).toBe('40')
})

test('the table says what diagnosis and guard said, and is sorted by a heading', () => {
  const all = table(say('en', 'learn.all'))
  const heading = [...all.querySelectorAll('thead button')].find((each) => text(each) === 'Factor per layer')
  ;(heading as HTMLElement).click()
  flushSync()
  const rows = rowsOf(all)
  expect([
    [...rows[0].slice(0, 3), rows[0][4]],
    rows[0].at(-1),
    [...rows[7].slice(0, 3), rows[7][4]],
    rows[7].at(-1),
    heading?.closest('th')?.getAttribute('aria-sort')
  ]).toEqual([
    ['Sigmoid', 'Glorot', '2', '×0.251 ± 0.002'],
    'Vanishing gradient',
    ['ReLU', 'N(0, 1)', '4', '×8.04 ± 0.06'],
    'Stopped by the guard, Exploding gradient, NaN or Inf',
    'ascending'
  ])
})

test('results say where they come from', () => {
  const said = [...document.querySelectorAll('p')].map(text)
  expect(said.filter((each) => each.includes('January 5, 2026'))).toHaveLength(2)
  expect(said.join()).toContain('24 runs of 12 networks with the seeds 1, 2; at most 100 steps each.')
  expect(said.join()).toContain('3.0 programs on 2 cores')
})

test('a cell is trained again at a click, as the study has it, and is watched', async () => {
  const row = find('[aria-label="Chosen networks"] tbody tr')
  row.querySelector('button')?.click()
  await settle()
  const [run] = workbench.active()
  expect([
    place.view,
    run.experiment.name,
    run.experiment.seed,
    run.experiment.model.layers[1]
  ]).toMatchObject([
    'train',
    'activations: sigmoid, Glorot, 2',
    1,
    { activation: 'sigmoid', initializer: { use: 'glorotNormal' } }
  ])
})

test('where a run is at work, a click asks first what shall become of it', async () => {
  await session.start()
  await settle()
  find('[aria-label="Chosen networks"] tbody button').click()
  await settle()
  expect([place.sheet, workbench.active().length]).toEqual(['starting', 1])
})

test('a cell is put into the editor', () => {
  const [, edit] = find('[aria-label="Chosen networks"] tbody tr').querySelectorAll('button')
  edit.click()
  expect([place.view, session.draft.value?.name]).toEqual(['experiment', 'activations: sigmoid, Glorot, 2'])
})

test('a cell that is taken away leaves the focus in the list', () => {
  const list = find('[aria-label="Chosen networks"]')
  const before = list.querySelectorAll('tbody tr').length
  const [, , leave] = list.querySelectorAll<HTMLElement>('tbody tr:first-child button')
  leave.click()
  flushSync()
  expect([before, list.querySelectorAll('tbody tr').length, document.activeElement]).toEqual([4, 3, list])
})
