import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { say, type MessageKey } from '#contract/messages'
import { findViolations } from './accessibility'
import { steadygrad } from './product'
import { openNewestRun } from './visit'
import { useWorkplace } from './workplace'

const VIEWS = ['train', 'experiment', 'data', 'test', 'runs', 'learn', 'settings'] as const

const place = useWorkplace()

const heading = (page: Page, key: MessageKey): Locator =>
  page.getByText(say('en', key), { exact: true }).first()

test.each([
  ['en', 'light', [1024, 640]],
  ['zh-CN', 'dark', [1920, 1080]]
] as const)(
  'no view has an accessibility fault or reaches beyond the window (%s, %s, %j)',
  async (language, scheme, size) => {
    await place.trainDigits('--set', 'training.epochs=1')
    const { page, goTo, complaints } = await place.visit({ language, scheme, size })
    for (const view of VIEWS) {
      await goTo(view)
      await page.waitForLoadState('networkidle')
      const found = await findViolations(page)
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
      expect({ view, found, wide }).toEqual({ view, found: [], wide: false })
    }
    expect(complaints).toEqual([])
  }
)

test('a rate is found, picked with the keys, used, and taken back', async () => {
  const { page, button, goTo, complaints } = await place.visit()
  await page.getByLabel(say('en', 'window.preset')).selectOption('digits-mlp')
  await goTo('experiment')
  const rate = page.locator('[data-path="gradients.1.rate"]')
  const before = await rate.inputValue()
  await button('editor.range').click()
  const dialog = page.getByRole('dialog', { name: say('en', 'editor.range') })
  const slider = dialog.getByRole('slider', { name: say('en', 'editor.range.pick') })
  await slider.waitFor()
  expect(await findViolations(page)).toEqual([])
  const suggested = await slider.inputValue()
  await slider.press('ArrowRight')
  expect(Number(await slider.inputValue())).toBe(Number(suggested) + 1)
  await slider.press('ArrowLeft')
  const use = dialog.locator('button.primary')
  const picked = /[\d.e-]+$/.exec(await use.innerText())?.[0]
  await use.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  expect(await rate.inputValue()).toBe(picked)
  await button('editor.undo').click()
  expect(await rate.inputValue()).toBe(before)

  await button('editor.range').click()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
})

test('a layer edited wrongly is marked where it stands, mended with one click, and trained', async () => {
  const { page, goTo, button } = await place.visit()
  await page.getByLabel(say('en', 'window.preset')).selectOption('digits-mlp')
  await goTo('experiment')
  await page.getByText(say('en', 'editor.ready')).waitFor()
  await page.getByRole('button', { name: say('en', 'editor.layer.remove', { layer: 'flatten_1' }) }).click()
  await page
    .getByText(/\[?28 × 28 × 1/)
    .first()
    .waitFor()
  await page
    .getByRole('button', { name: say('en', 'editor.fix.flattenBefore', { layer: 'dense_1' }) })
    .click()
  await page.getByText(say('en', 'editor.ready')).waitFor()
  await button('editor.undo').click()
  await button('editor.undo').click()
  await page.getByText(say('en', 'editor.ready')).waitFor()
  await button('window.start').click()
  await heading(page, 'window.state.completed').waitFor()
})

test('a residual that is typed as JSON is described, trained, and measured layer by layer', async () => {
  const { page, goTo, button } = await place.visit()
  await page.getByLabel(say('en', 'window.preset')).selectOption('digits-mlp')
  await goTo('experiment')
  await page.getByText(say('en', 'editor.ready')).waitFor()
  await button('editor.json').click()
  const inside = [
    { use: 'dense', units: 16, activation: 'gelu' },
    { use: 'dropout', rate: 0.1 }
  ]
  const layers = [
    { use: 'flatten' },
    { use: 'residual', shortcut: 'projection', layers: inside },
    { use: 'dense', units: 10 }
  ]
  await page.getByLabel(say('en', 'editor.json.help')).fill(JSON.stringify(layers))
  await button('editor.json.replace').click()
  await page.getByText(say('en', 'editor.ready')).waitFor()
  await button('window.start').click()
  await heading(page, 'window.state.completed').waitFor()
  await goTo('train')
  const stack = page.getByRole('list', { name: say('en', 'window.model'), exact: true })
  const rows = await stack.getByRole('listitem').allInnerTexts()
  expect(rows.map((row) => row.split('\n')[0])).toEqual(['Flatten', 'Residual', 'Dense', 'Dropout', 'Dense'])
  await page.getByText('residual_1/dense_1').first().waitFor()
})

test('what is done with the samples, and the layers inside a layer, are put together in the window', async () => {
  const { page, goTo, button } = await place.visit()
  await page.getByLabel(say('en', 'window.preset')).selectOption('digits-mlp')
  await goTo('experiment')
  const add = async (list: string, word: MessageKey): Promise<void> => {
    await button('editor.words.addTo', { list }).click()
    await page
      .getByRole('button', { name: say('en', word) })
      .first()
      .click()
  }
  await add(say('en', 'editor.place.data.augment'), 'vocabulary.shift')
  await button('editor.layer.add').last().click()
  await page
    .getByRole('button', { name: say('en', 'vocabulary.residual') })
    .first()
    .click()
  await page.keyboard.press('Enter')
  await add(say('en', 'vocabulary.option.layers'), 'vocabulary.dropout')
  await page.getByText(say('en', 'editor.ready')).waitFor()
  await button('window.start').click()
  await heading(page, 'window.state.completed').waitFor()
  const [run] = readdirSync(join(place.home.folder, 'runs'))
  const trained = JSON.parse(readFileSync(join(place.home.folder, 'runs', run, 'experiment.json'), 'utf8'))
  expect({ augment: trained.data.augment, last: trained.model.layers.at(-1) }).toMatchObject({
    augment: [{ use: 'shift' }],
    last: {
      use: 'residual',
      layers: [{ use: 'batchNormalization' }, { use: 'activation' }, { use: 'dropout' }]
    }
  })
})

test('what is being edited survives the end of the shell', async () => {
  const { page, goTo } = await place.visit()
  await goTo('experiment')
  const name = page.getByRole('textbox', { name: say('en', 'editor.place.name'), exact: true })
  await name.fill('kept over night')
  await name.press('Tab')
  await expect
    .poll(
      () =>
        existsSync(join(place.home.folder, 'draft.json')) &&
        readFileSync(join(place.home.folder, 'draft.json'), 'utf8')
    )
    .toContain('kept over night')
  await place.stopServer()
  await place.startServer()
  const again = await place.visit()
  await again.goTo('experiment')
  const kept = again.page.getByRole('textbox', { name: say('en', 'editor.place.name'), exact: true })
  await expect.poll(() => kept.inputValue()).toBe('kept over night')
})

test('a drawn digit is predicted with the weights of the run, and an empty sheet is not', async () => {
  await place.trainDigits()
  const visitor = await place.visit()
  const { page, goTo, button } = visitor
  await openNewestRun(visitor)
  await goTo('test')
  await page.getByText(say('en', 'trial.prediction.empty')).waitFor()
  const sheet = page.getByLabel(say('en', 'trial.sheet')).first()
  const box = await sheet.boundingBox()
  if (!box) throw new Error('the sheet is not on the screen')
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.2)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.8, { steps: 12 })
  await page.mouse.up()
  await page.getByText(say('en', 'trial.prediction.best', { class: '1' })).waitFor()
  await button('trial.undo').click()
  await page.getByText(say('en', 'trial.prediction.empty')).waitFor()
})

test('the test set is evaluated, and a cell of the matrix opens its samples', async () => {
  await place.trainDigits()
  const visitor = await place.visit()
  const { page, goTo, button } = visitor
  await openNewestRun(visitor)
  await goTo('test')
  await button('trial.evaluate').click()
  await page.getByText(/4\d\d of 500 right/).waitFor()
})

test('two runs are laid over each other with a baseline', async () => {
  await place.trainDigits('--set', 'name=first', '--set', 'training.epochs=2')
  await place.trainDigits(
    '--set',
    'name=second',
    '--set',
    'training.epochs=2',
    '--set',
    'gradients.1.rate=0.0003'
  )
  const { page, goTo } = await place.visit()
  await goTo('runs')
  for (const name of ['first', 'second'])
    await page.getByLabel(say('en', 'window.overlay.of', { name })).check()
  await page.getByText(say('en', 'window.overlay.difference')).first().waitFor()
  await page
    .getByText(/[+−-]\d+(\.\d+)?\s*%/)
    .first()
    .waitFor()
})

test('a run is renamed, deleted, and taken back out of the trash', async () => {
  await place.trainDigits('--set', 'training.epochs=1')
  const { page, goTo, button } = await place.visit()
  await goTo('runs')
  await page.getByRole('button', { name: say('en', 'window.runs.rename', { name: 'digits-mlp' }) }).click()
  await page.keyboard.type('my run')
  await page.keyboard.press('Enter')
  await page.getByText('my run').first().waitFor()
  await page
    .getByRole('button', { name: say('en', 'window.runs.more') })
    .first()
    .click()
  await button('window.runs.delete').click()
  await page.getByText(say('en', 'window.runs.empty')).waitFor()
  await button('window.undo').click()
  await page.getByText('my run').first().waitFor()
  expect((await steadygrad(place.home, ['runs'])).out).toContain('my run')
})

test('a model is exported, read back and compared', async () => {
  await place.trainDigits('--set', 'training.epochs=1')
  const { page, goTo, button } = await place.visit()
  await goTo('runs')
  await page
    .getByRole('button', { name: say('en', 'window.runs.more') })
    .first()
    .click()
  const target = join(place.home.folder, 'exported here')
  await page.getByLabel(say('en', 'window.export.path')).fill(target)
  await button('window.export').click()
  await page.getByText(/On 100 samples it differs/).waitFor()
  expect(existsSync(join(target, 'model.json'))).toBe(true)
})

test('preferences are kept for every window and every start', async () => {
  const { page, goTo } = await place.visit()
  await goTo('settings')
  await page.getByText(say('en', 'window.theme.dark'), { exact: true }).click()
  await expect.poll(() => page.evaluate(() => getComputedStyle(document.body).colorScheme)).toContain('dark')
  await expect.poll(() => existsSync(join(place.home.folder, 'settings.json'))).toBe(true)
  await place.stopServer()
  await place.startServer()
  const again = await place.visit()
  await expect
    .poll(() => again.page.evaluate(() => getComputedStyle(document.body).colorScheme))
    .toContain('dark')
})

test('everything is reached by keyboard: views, commands, shortcuts', async () => {
  const { page } = await place.visit()
  await page.keyboard.press('Control+5')
  await page.getByText(say('en', 'window.runs.empty')).waitFor()
  await page.keyboard.press('Control+k')
  await page.keyboard.type(say('en', 'window.command.settings'))
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: say('en', 'window.settings.newExperiments') }).waitFor()
  await page.keyboard.press('Control+Enter')
  await heading(page, 'window.state.running').waitFor()
  await page.keyboard.press('Control+.')
  await heading(page, 'window.state.stopped').waitFor()
})
