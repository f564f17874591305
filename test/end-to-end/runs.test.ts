import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Language } from '#contract/messages'
import { findViolations } from './accessibility'
import { useWorkplace } from './workplace'

const place = useWorkplace()

const runFolders = (): string[] => readdirSync(join(place.home.folder, 'runs')).sort()
const logOf = (run: string): string =>
  readFileSync(join(place.home.folder, 'runs', run, 'events.jsonl'), 'utf8')

test.each(['en', 'zh-CN'] as const)(
  'a second run starts beside the first, both go on, and one is stopped for a third (%s)',
  async (language: Language) => {
    const { page, button, text, goTo, complaints } = await place.visit({ language })
    await button('window.start').click()
    await button('window.stop').and(page.locator(':enabled')).waitFor()

    await page.keyboard.press('Control+Enter')
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    expect(await findViolations(page)).toEqual([])
    // The keyboard stays inside, and Escape takes it all back.
    for (let press = 0; press < 4; press++) await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.closest('dialog') !== null)).toBe(true)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(runFolders()).toHaveLength(1)

    await button('window.start').click()
    await button('window.starting.beside').click()
    await button('window.atWork.one').waitFor()
    await button('window.stop').and(page.locator(':enabled')).waitFor()
    await goTo('runs')
    await expect
      .poll(() => page.getByRole('cell', { name: /\d+ \/ 844/ }).count(), { timeout: 30_000 })
      .toBe(2)
    const [first, second] = runFolders()

    await page.keyboard.press('Control+Enter')
    await text('window.starting.other')
      .or(page.getByText(/mnist-cnn/))
      .first()
      .waitFor()
    await button('window.starting.instead', { name: 'mnist-cnn' }).click()
    await expect.poll(() => logOf(second), { timeout: 60_000 }).toContain('"stopped":"stopped"')
    expect(logOf(second)).toContain('"checkpoint"')
    expect(runFolders()).toHaveLength(3)
    expect(logOf(first)).not.toContain('"ended"')
    await button('window.atWork.one').waitFor()
    await button('window.stop').and(page.locator(':enabled')).click()
    await text('window.state.stopped').waitFor()
    expect(complaints.filter((each) => !each.includes('axe'))).toEqual([])
  }
)

test('a run beside the one on display is shown with its whole history when it is asked for', async () => {
  const { page, button, goTo, text } = await place.visit()
  await button('window.start').click()
  await button('window.stop').and(page.locator(':enabled')).waitFor()
  await page.getByLabel('Experiment', { exact: true }).first().selectOption('digits-mlp')
  await button('window.start').click()
  await button('window.starting.beside').click()
  await text('window.state.completed').waitFor({ timeout: 120_000 })
  await button('window.atWork.one').click()
  await page.getByRole('button', { name: /^Show it/ }).click()
  await text('window.state.running').waitFor()
  await goTo('runs')
  await page.locator('tr.current', { hasText: 'mnist-cnn' }).waitFor()
  await button('window.stop').click()
  await text('window.state.stopped').waitFor()
})

test('an export tells its share and its step, and ends with how it compares', async () => {
  await place.trainDigits('--set', 'training.epochs=1')
  const { page, goTo, button, say } = await place.visit()
  await goTo('runs')
  await page
    .getByRole('button', { name: say('window.runs.more') })
    .first()
    .click()
  const target = join(place.home.folder, 'exported here')
  await page.getByLabel(say('window.export.path')).fill(target)
  // Everything that the bar and its sentence say on the way is noted by the page itself.
  await page.evaluate(() => {
    const seen: string[] = ((window as never as { seen: string[] }).seen = [])
    new MutationObserver(() => {
      const bar = document.querySelector<HTMLProgressElement>('td progress')
      if (bar?.position !== undefined && bar.position >= 0)
        seen.push(`${bar.position} ${bar.parentElement?.textContent}`)
    }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })
  })
  await button('window.export').click()
  await page.getByText(/On 100 samples it differs/).waitFor()
  const seen = await page.evaluate(() => (window as never as { seen: string[] }).seen)
  const shares = seen.map((each) => Number.parseFloat(each))
  expect(shares.toSorted((a, b) => a - b)).toEqual(shares)
  expect(seen.join()).toContain(say('export.answering', { samples: 100 }))
  expect(existsSync(join(target, 'model.json'))).toBe(true)
})

test('an export that is called off leaves nothing, and can be asked for again', async () => {
  await place.trainDigits('--set', 'training.epochs=1')
  const { page, goTo, button, text, say } = await place.visit()
  await goTo('runs')
  await page
    .getByRole('button', { name: say('window.runs.more') })
    .first()
    .click()
  const target = join(place.home.folder, 'exported here')
  await page.getByLabel(say('window.export.path')).fill(target)
  await button('window.export').click()
  await button('window.cancel').click()
  await text('window.export.cancelled').waitFor()
  expect(existsSync(target)).toBe(false)
  await button('window.export').click()
  await page.getByText(/On 100 samples it differs/).waitFor()
})

test('a run whose folder vanished is said once it is wanted, and goes from the list', async () => {
  await place.trainDigits('--set', 'training.epochs=1')
  const { page, goTo, text, say } = await place.visit()
  await goTo('runs')
  const [run] = runFolders()
  rmSync(join(place.home.folder, 'runs', run), { recursive: true })
  await page
    .getByRole('button', { name: say('window.runs.open') })
    .first()
    .click()
  await page.getByRole('alert').getByText(say('run.unknown', { run })).waitFor()
  await goTo('runs')
  await text('window.runs.empty').waitFor()
})

test('a run that loses its folder while it trains is said, and the window goes on', async () => {
  const { page, button, goTo, text } = await place.visit()
  await button('window.start').click()
  await button('window.pause').and(page.locator(':enabled')).waitFor()
  rmSync(join(place.home.folder, 'runs', runFolders()[0]), { recursive: true })
  // A checkpoint has nowhere to go.
  await button('window.pause').click()
  await page
    .getByRole('alert')
    .getByText(/folder|file/)
    .waitFor()
  await page.getByLabel('Experiment', { exact: true }).first().selectOption('digits-mlp')
  await goTo('train')
  await button('window.start').and(page.locator(':enabled')).click()
  await text('window.state.completed').waitFor({ timeout: 120_000 })
})

test('a second window is told of what the first one starts, edits and deletes', async () => {
  await place.trainDigits('--set', 'training.epochs=1')
  const first = await place.visit()
  const second = await place.visit()
  await first.goTo('experiment')
  const name = first.page.getByRole('textbox', { name: first.say('editor.place.name'), exact: true })
  await name.fill('of the first')
  await name.press('Tab')
  await second.text('window.draft.editedElsewhere').waitFor()
  await second.button('window.draft.takeOverOther').click()
  await second.goTo('experiment')
  await expect
    .poll(() =>
      second.page.getByRole('textbox', { name: second.say('editor.place.name'), exact: true }).inputValue()
    )
    .toBe('of the first')

  await first.goTo('train')
  await first.button('window.start').click()
  await second.text('window.runs.startedElsewhere', { name: 'of the first' }).waitFor()
  await second.button('window.runs.show').click()
  await second.text('window.state.running').waitFor()
  await second.button('window.stop').click()
  await first.text('window.state.stopped').waitFor()
  await first.goTo('runs')
  await first.page
    .getByRole('button', { name: first.say('window.runs.more') })
    .first()
    .click()
  await first.button('window.runs.delete').click()
  await second.text('window.runs.deletedElsewhere', { name: 'of the first' }).waitFor()
})

test('a page whose runs go on is asked about before it closes, and what was agreed is not asked twice', async () => {
  const { page, button, text } = await place.visit()
  await button('window.start').click()
  await button('window.stop').and(page.locator(':enabled')).waitFor()
  const asked: string[] = []
  page.on('dialog', (dialog) => {
    asked.push(dialog.type())
    void dialog.dismiss()
  })
  await page.evaluate(() => setTimeout(() => location.reload()))
  await text('window.closing').waitFor()
  await button('window.closing.goOn').click()
  await page.reload()
  await text('window.state.running').waitFor()
  await button('window.stop').click()
  await text('window.state.stopped').waitFor()
  expect(asked).toEqual(['beforeunload'])
})
