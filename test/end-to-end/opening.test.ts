import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MessageKey } from '#contract/messages'
import { findViolations } from './accessibility'
import { ROOT } from './product'
import type { Visit } from './visit'
import { useWorkplace } from './workplace'

/** Where files lie that a user has. */
let desk: string
beforeEach(() => {
  desk = mkdtempSync(join(tmpdir(), 'steadygrad-desk-'))
})
afterEach(() => rmSync(desk, { recursive: true, force: true }))
const place = useWorkplace(() => ['--data', desk])

const model = (name: string): string => join(ROOT, 'test/fixtures/models', name)

/** Chooses files in the browser's own dialog, which a button opens. */
async function chooseFiles({ page, button }: Visit, key: MessageKey, paths: string[]): Promise<void> {
  const asked = page.waitForEvent('filechooser')
  await button(key).click()
  await (await asked).setFiles(paths)
}

const showOf = async ({ page, say }: Visit, key: MessageKey): Promise<void> =>
  page
    .getByRole('group', { name: say('data.sheet.shown') })
    .getByText(say(key), { exact: true })
    .click()

test('a table that is sent is seen with its columns, and becomes the data of the experiment', async () => {
  const path = join(desk, 'houses.csv')
  const rows = Array.from(
    { length: 40 },
    (_, row) => `${row + 0.5},${row % 4 === 0 ? '' : row % 7},${['Rome', 'Oslo'][row % 2]},${row * 10 + 1}`
  )
  writeFileSync(path, ['area,rooms,city,price', ...rows].join('\n'))
  const at = await place.visit()
  const { page, goTo, button, text, say, complaints } = at
  await goTo('data')
  await chooseFiles(at, 'data.opening.file', [path])
  await page.getByText(say('data.opening.opened', { name: 'houses.csv' })).waitFor()

  await page.getByRole('cell', { name: 'Oslo' }).first().waitFor()
  const headers = await page.getByRole('region', { name: /1–40/ }).getByRole('columnheader').allInnerTexts()
  expect(headers).toEqual([say('trial.table.sample'), 'price', 'area', 'rooms', 'city'])
  await page.getByText(say('data.targets.of', { name: 'price' })).waitFor()

  await showOf(at, 'data.sheet.columns')
  const rooms = page.getByRole('row', { name: /^rooms/ })
  expect(await rooms.getByRole('cell').allInnerTexts()).toEqual([
    say('data.columns.kind.number'),
    '10',
    '0',
    '6',
    '2.96667',
    '1.9405'
  ])
  expect(await findViolations(page)).toEqual([])

  await button('data.opening.use').click()
  await page.getByText(say('data.opening.used', { name: 'houses.csv' })).waitFor()
  await page.getByRole('heading', { name: /houses\.csv/ }).waitFor()
  await goTo('experiment')
  await text('vocabulary.csv').waitFor({ state: 'attached' })
  expect(complaints).toEqual([])
})

test('training samples are seen as augmentation changes them, and chosen by keyboard', async () => {
  const at = await place.visit()
  const { page, goTo, say, complaints } = at
  await page.getByLabel(say('window.preset')).selectOption('digits-mlp')
  await goTo('data')
  await showOf(at, 'data.sheet.augmented')
  await page.getByText(say('data.augmented.none')).waitFor()
  await page
    .getByRole('button', { name: say('data.augmented.tryWord', { word: say('vocabulary.rotate') }) })
    .click()
  const grid = page.getByRole('grid', { name: say('data.augmented.grid') })
  await grid.getByRole('columnheader', { name: say('data.augmented.epoch', { epoch: 5 }) }).waitFor()
  await grid.locator('[tabindex="0"]').focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  const chosen = grid.locator('[aria-selected="true"]')
  expect(await chosen.getAttribute('data-place')).toBe('1,2')
  const name = await chosen.getAttribute('title')
  await page
    .getByLabel(say('trial.data.chosen'))
    .getByText(name ?? '')
    .waitFor()
  expect(await findViolations(page)).toEqual([])
  expect(complaints).toEqual([])
})

test('a model of Keras is shown layer by layer, becomes the experiment with its weights, and its import is undone', async () => {
  const at = await place.visit()
  const { page, goTo, button, text, say, complaints } = at
  await goTo('experiment')
  await button('window.experiment.import').click()
  await chooseFiles(at, 'import.file', [model('strange.keras')])
  await page.getByText(say('import.refused', { count: 4 })).waitFor()
  await page
    .getByText(say('import.why.unknown', { layer: 'learned', className: 'PReLU' }), { exact: true })
    .waitFor()
  expect(await button('import.use').count()).toBe(0)

  await button('window.experiment.import').click()
  await chooseFiles(at, 'import.file', [model('only.weights.h5')])
  await page.getByText(say('import.weightsOnly', { path: 'only.weights.h5' })).waitFor()

  await button('window.experiment.import').click()
  await chooseFiles(at, 'import.file', [model('digits.keras')])
  await text('import.ready').waitFor()
  await page.getByRole('row', { name: /^dense Dense/ }).waitFor()
  expect(await findViolations(page)).toEqual([])
  await button('import.use').click()
  await text('import.begins').waitFor()
  await text('editor.ready').waitFor()
  await page
    .getByRole('button', { name: say('window.undo'), exact: true })
    .last()
    .click()
  await text('import.begins').waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
})
