import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { MessageKey } from '#contract/messages'
import { steadygrad } from './product'
import { openNewestRun } from './visit'
import { useWorkplace } from './workplace'

const place = useWorkplace()

test('a pinned step stays marked and is read in every chart, also after another view and a reload', async () => {
  await place.trainDigits('--set', 'training.epochs=1')
  const visitor = await place.visit()
  const { page, say, goTo } = visitor
  await openNewestRun(visitor)
  const reader = page.getByRole('slider', { name: say('window.reader') }).first()
  await reader.press('Home')
  await reader.press('Enter')
  await reader.blur()
  await page.getByRole('tab', { name: say('charts.view.ratio') }).click()
  expect(await page.getByText(say('window.atStep', { step: 1 })).count()).toBeGreaterThan(1)
  const expectTheSame = async (): Promise<void> => {
    await page.getByRole('tab', { name: say('charts.view.ratio'), selected: true }).waitFor()
    await page
      .getByText(say('window.atStep', { step: 1 }))
      .first()
      .waitFor()
  }
  await goTo('data')
  await goTo('train')
  await expectTheSame()
  await page.reload()
  await expectTheSame()
})

test('a chart is saved as numbers, as SVG and as PNG', async () => {
  await place.trainDigits('--set', 'training.epochs=1')
  const visitor = await place.visit()
  const { page, say, button, text } = visitor
  // What a page may read of the clipboard differs from browser to browser; what is written is looked at here.
  await page.evaluate(() => {
    const copied = { text: '' }
    Object.assign(window, { copied })
    navigator.clipboard.writeText = (text) => {
      copied.text = text
      return Promise.resolve()
    }
  })
  await openNewestRun(visitor)
  const save = async (key: MessageKey): Promise<void> => {
    await button('charts.save').click()
    await page
      .getByRole('button', { name: say(key) })
      .first()
      .click()
  }
  await save('charts.csv')
  await text('charts.copied').waitFor()
  expect(await page.evaluate('copied.text')).toMatch(/^step.*loss/)
  for (const [key, mark] of [
    ['charts.svg', '<svg'],
    ['charts.png', 'PNG']
  ] as const) {
    const download = page.waitForEvent('download')
    await save(key)
    expect(readFileSync(await (await download).path(), 'latin1').slice(0, 200)).toContain(mark)
  }
})

test('clip and rate are changed while the run goes on, and the charts are marked', async () => {
  const { page, say, button } = await place.visit()
  await button('window.start').click()
  await button('window.pause').and(page.locator(':enabled')).waitFor()
  for (const [key, value] of [
    ['window.control.rate', '0.004'],
    ['vocabulary.clipByGlobalNorm', '0.5']
  ] as const) {
    const field = page.getByRole('textbox', { name: say(key) }).first()
    await field.fill(value)
    await field.press('Enter')
  }
  const { out } = await steadygrad(place.home, ['runs', '--json'])
  const folder = /"folder":"([^"]+)"/.exec(out)?.[1] ?? ''
  const changes = (): unknown[] =>
    readFileSync(`${folder}/events.jsonl`, 'utf8')
      .split('\n')
      .filter((line) => line.includes('"changed"'))
      .map((line) => JSON.parse(line) as { path: string; to: number })
      .map(({ path, to }) => [path, to])
  await expect.poll(changes, { timeout: 30_000 }).toEqual([
    ['gradients.1.rate', 0.004],
    ['gradients.0.max', 0.5]
  ])
  const saved = page.waitForEvent('download')
  await button('charts.save').click()
  await button('charts.svg').click()
  const picture = readFileSync(await (await saved).path(), 'utf8')
  // Words of marks that stand too close to each other give way; the first one has them.
  expect(picture).toContain('0.004')
})

test('in Chinese: from the first start to a trained network and a predicted digit', async () => {
  const { page, say, button, text, goTo } = await place.visit({ language: 'zh-CN' })
  await page.getByLabel(say('window.preset')).selectOption('digits-mlp')
  await page.getByText('50,890').first().waitFor()
  await button('window.start').click()
  await text('window.state.completed').waitFor()
  await goTo('test')
  const box = await page.getByLabel(say('trial.sheet')).first().boundingBox()
  if (!box) throw new Error('the sheet is not on the screen')
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.2)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.8, { steps: 12 })
  await page.mouse.up()
  await page.getByText(say('trial.prediction.best', { class: '1' })).waitFor()
})

test.each(['en', 'zh-CN'] as const)(
  'what was measured of each layer stands in a table, in %s',
  async (language) => {
    await place.trainDigits('--set', 'training.epochs=1')
    const visitor = await place.visit({ language })
    const { page, say } = visitor
    await openNewestRun(visitor)
    await page.getByRole('tab', { name: say('charts.view.layers'), exact: true }).click()
    // 57 steps, of which the 50th was measured last.
    const table = page.getByRole('region', { name: say('charts.layers.title', { step: 50 }) })
    await table.waitFor()
    expect(await table.getByRole('columnheader').allTextContents()).toContain(say('charts.layers.dead'))
    expect(await table.getByRole('rowheader').allTextContents()).toEqual(['dense_1', 'dense_2'])
    const [hidden, output] = await table
      .getByRole('row')
      .all()
      .then((rows) => rows.slice(1))
    expect((await hidden.getByRole('cell').allTextContents())[2]).toMatch(/%$/)
    expect((await output.getByRole('cell').allTextContents()).at(-1)).toBe('0')
  }
)
