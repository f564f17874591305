import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Language } from '#contract/messages'
import { findViolations } from './accessibility'
import { launchBrowser } from './browser'
import { makeHome, preset, startServer, steadygrad, type Home } from './product'
import { visit } from './visit'

let home: Home
beforeAll(async () => {
  home = makeHome()
  const digits = JSON.parse(readFileSync(preset('digits-mlp'), 'utf8')) as { data: object }
  const broken = {
    ...digits,
    data: { ...digits.data, faults: [{ use: 'scaleBatch', every: 120, by: 1e38 }] }
  }
  writeFileSync(join(home.folder, 'broken.json'), JSON.stringify(broken))
  const { code } = await steadygrad(home, ['train', join(home.folder, 'broken.json')])
  expect(code).toBe(3)
})
afterAll(() => home.remove())
const run = (): string => readdirSync(join(home.folder, 'runs'))[0]

test('replay tells every step, says that it is the same, and names the samples of the step that broke', async () => {
  const { code, lines, out } = await steadygrad(home, ['replay', run(), '--json'])
  expect(code).toBe(0)
  const steps = lines.filter(({ type }) => type === 'step')
  expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 50 }, (_, at) => 71 + at))
  expect(Object.keys(steps[0].measured)).toEqual(['dense_1', 'dense_2'])
  expect(steps[49]).toMatchObject({ refused: true, examined: { reason: 'refused', part: 'train' } })
  const summary = JSON.parse(out.trimEnd().split('\n').at(-1) ?? '') as object
  expect(summary).toMatchObject({
    type: 'summary',
    same: true,
    from: 71,
    to: 120,
    start: { step: 50, kind: 'good' }
  })
})

test('replay for people is a table, the samples and a word on being the same', async () => {
  const { code, out } = await steadygrad(home, ['replay', run(), '--steps', '101:120'])
  expect(code).toBe(0)
  expect(out).toMatch(/Steps 101 to 120 again, on native-cpu, from the state kept after step 50/)
  expect(out).toMatch(/Step 120 was refused[\s\S]*The same as the first time, bit for bit/)
})

test.each([
  [['no-such-run'], 'There is no run no-such-run'],
  [['RUN', '--steps', '5'], '--steps must be two step numbers'],
  [['RUN', '--steps', '1:121'], 'has the steps 1 to 120']
])('replay %s is refused with a sentence', async (words, sentence) => {
  const { code, errors } = await steadygrad(home, [
    'replay',
    ...words.map((word) => (word === 'RUN' ? run() : word))
  ])
  expect(code).toBe(2)
  expect(errors).toContain(sentence)
  expect(errors).not.toMatch(/^\s+at /m)
})

test.each(['en', 'zh-CN'] as const)(
  'a run that the guard stopped is put under the microscope from its finding, by the keyboard (%s)',
  async (language: Language) => {
    const browser = await launchBrowser()
    const server = await startServer(home)
    try {
      const { page, button, text, goTo, say, complaints } = await visit(browser, server.address, {
        language,
        size: [1024, 640]
      })
      await goTo('runs')
      await page
        .getByRole('button', { name: new RegExp(`^${say('window.runs.open')} `) })
        .first()
        .click()
      await goTo('train')
      await button('replay.open').focus()
      await page.keyboard.press('Enter')
      const dialog = page.getByRole('dialog', { name: say('replay.title') })
      await dialog.waitFor()
      await dialog.getByText('✓').waitFor({ timeout: 120_000 })
      await dialog.getByRole('listbox', { name: say('replay.samples.sheet', { step: 120 }) }).waitFor()
      expect(await dialog.getByRole('option').count()).toBeGreaterThan(20)
      await dialog.getByRole('heading', { name: say('replay.layers', { step: 120 }) }).waitFor()
      expect(await findViolations(page)).toEqual([])

      await dialog.getByLabel(say('replay.from')).fill('100')
      await page.keyboard.press('Enter')
      await dialog.getByText('✓').waitFor({ timeout: 120_000 })
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
      await text('replay.open').waitFor()
      expect(complaints).toEqual([])
    } finally {
      await server.close()
      await browser.close()
    }
  }
)
