import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { say, type Language, type MessageKey } from '#contract/messages'
import { findViolations } from './accessibility'
import { steadygrad } from './product'
import type { Visit } from './visit'
import { useWorkplace } from './workplace'

const place = useWorkplace()

/** Chooses the small experiment, which trains in seconds. */
async function chooseDigits({ page }: Visit): Promise<void> {
  await page.getByLabel(say('en', 'window.preset')).selectOption('digits-mlp')
  await page.getByText('50,890').first().waitFor()
}

const heading = (page: Page, key: MessageKey, language: Language = 'en'): ReturnType<Page['getByText']> =>
  page.getByText(say(language, key), { exact: true }).first()

test('from the first start to a trained network: one click, and the gradients move', async () => {
  const visitor = await place.visit()
  const { page, complaints, button } = visitor
  await chooseDigits(visitor)
  await button('window.start').click()
  await heading(page, 'window.state.completed').waitFor()
  // Five epochs, the end, and two rows of headings.
  const scores = page.getByRole('table').filter({ hasText: say('en', 'window.scores.end') })
  expect(await scores.getByRole('row').count()).toBe(8)
  expect(await scores.textContent()).toMatch(/8\d\.\d+\s*%/)
  await page
    .getByRole('button', { name: say('en', 'window.table') })
    .last()
    .click()
  await page.getByRole('table').filter({ hasText: 'dense_2' }).waitFor()
  expect(complaints).toEqual([])
})

test.each([
  ['en', 'light'],
  ['en', 'dark'],
  ['zh-CN', 'light'],
  ['zh-CN', 'dark']
] as const)(
  'the window has no accessibility fault before, during and after training (%s, %s)',
  async (language, scheme) => {
    const { page, button, complaints } = await place.visit({ language, scheme })
    expect(await findViolations(page)).toEqual([])
    await button('window.start').click()
    await heading(page, 'window.state.running', language).waitFor()
    await button('window.stop').and(page.locator(':enabled')).waitFor()
    expect(await findViolations(page)).toEqual([])
    await button('window.stop').click()
    await heading(page, 'window.state.stopped', language).waitFor()
    expect(await findViolations(page)).toEqual([])
    // The axe script itself is not part of the page.
    expect(complaints.filter((text) => !text.includes('axe'))).toEqual([])
  }
)

test('pause, one step, resume and stop do what they say, also by keyboard', async () => {
  const { page, button } = await place.visit()
  await button('window.start').click()
  await button('window.pause').and(page.locator(':enabled')).waitFor()
  await page.locator('body').press('Space')
  await heading(page, 'window.state.paused').waitFor()
  const stepOf = async (): Promise<number> => {
    const text = (await page.getByRole('region', { name: say('en', 'window.training') }).textContent()) ?? ''
    return Number(/(\d[\d,]*) \/ 844/.exec(text)?.[1].replace(',', ''))
  }
  const before = await stepOf()
  await button('window.oneStep').click()
  await expect.poll(stepOf).toBe(before + 1)
  await button('window.resume').click()
  await expect.poll(stepOf, { timeout: 30_000 }).toBeGreaterThan(before + 3)
  await button('window.stop').click()
  await heading(page, 'window.state.stopped').waitFor()
})

test('a live change takes effect while the run goes on, and is in its log', async () => {
  const { page, button } = await place.visit()
  await button('window.start').click()
  await button('window.pause').and(page.locator(':enabled')).waitFor()
  const rate = page.getByRole('textbox', { name: say('en', 'window.control.rate') })
  await rate.fill('0.005')
  await rate.press('Enter')
  const changed = async (): Promise<boolean> => {
    const { out } = await steadygrad(place.home, ['runs', '--json'])
    const folder = /"folder":"([^"]+)"/.exec(out)?.[1] ?? ''
    const log = join(folder, 'events.jsonl')
    return (
      existsSync(log) &&
      /"changed".*"gradients\.1\.rate","from":0\.001,"to":0\.005/.test(readFileSync(log, 'utf8'))
    )
  }
  await expect.poll(changed, { timeout: 30_000 }).toBe(true)
  await button('window.stop').click()
  await heading(page, 'window.state.stopped').waitFor()
})

test('a value that cannot be used is refused at its field, and what was typed stays', async () => {
  const { page } = await place.visit()
  const rate = page.getByRole('textbox', { name: say('en', 'window.control.rate') })
  await rate.fill('fast')
  await rate.press('Enter')
  await page.getByText(say('en', 'window.notNumber')).waitFor()
  expect([await rate.inputValue(), await rate.getAttribute('aria-invalid')]).toEqual(['fast', 'true'])
})

test('a reload finds the running training again with its whole history', async () => {
  const { page, button } = await place.visit()
  await button('window.start').click()
  const step = page.getByText(/^\d[\d,]* \/ 844$/)
  await step.waitFor()
  await expect
    .poll(async () => Number.parseInt((await step.textContent()) ?? '0'), { timeout: 60_000 })
    .toBeGreaterThan(40)
  await page.reload()
  await heading(page, 'window.state.running').waitFor()
  // The history reaches back to the first step, which no message after the reload has told of.
  const reader = page.getByRole('slider', { name: say('en', 'window.reader') }).last()
  await reader.press('Home')
  await page
    .getByText(say('en', 'window.atStep', { step: 1 }))
    .first()
    .waitFor()
  await button('window.stop').click()
  await heading(page, 'window.state.stopped').waitFor()
})

test('a killed trainer is said with its reason, and the run goes on from its checkpoint', async () => {
  const { page, button } = await place.visit()
  await button('window.start').click()
  await button('window.pause').and(page.locator(':enabled')).waitFor()
  const { out } = await steadygrad(place.home, ['runs', '--json'])
  const folder = /"folder":"([^"]+)"/.exec(out)?.[1] ?? ''
  const started = readFileSync(join(folder, 'events.jsonl'), 'utf8').split('\n')[0]
  process.kill((JSON.parse(started) as { processId: number }).processId, 'SIGKILL')
  await page.getByRole('alert').getByText('SIGKILL').waitFor()
  await page
    .getByRole('alert')
    .getByRole('button', { name: say('en', 'window.continue') })
    .click()
  await button('window.pause').and(page.locator(':enabled')).waitFor()
  await button('window.stop').click()
  await heading(page, 'window.state.stopped').waitFor()
})

test('the guard stops a run that explodes and the window names the layer', async () => {
  const { page, button } = await place.visit()
  const rate = page.getByRole('textbox', { name: say('en', 'window.control.rate') })
  await rate.fill('1e30')
  await rate.press('Enter')
  await button('window.start').click()
  await heading(page, 'window.state.stoppedByGuard').waitFor()
  expect(
    await page
      .getByText(/Step \d+ held NaN or Inf/)
      .first()
      .textContent()
  ).toMatch(/(conv2d|dense)_\d/)
})

test('the language changes without a restart and is remembered', async () => {
  const { page } = await place.visit()
  await page.getByText('中文').click()
  await page.getByRole('button', { name: say('zh-CN', 'window.start'), exact: true }).waitFor()
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
  await page.reload()
  await page.getByRole('button', { name: say('zh-CN', 'window.start'), exact: true }).waitFor()
})

test('closing the shell interrupts its runs with a checkpoint and ends every process', async () => {
  const { page, button } = await place.visit()
  await button('window.start').click()
  await button('window.pause').and(page.locator(':enabled')).waitFor()
  const { out } = await steadygrad(place.home, ['runs', '--json'])
  const folder = /"folder":"([^"]+)"/.exec(out)?.[1] ?? ''
  const log = (): string => readFileSync(join(folder, 'events.jsonl'), 'utf8')
  const { processId } = JSON.parse(log().split('\n')[0]) as { processId: number }
  await place.stopServer()
  expect(log()).toContain('"checkpoint"')
  expect(() => process.kill(processId, 0)).toThrow('ESRCH')
  await page.getByText(say('en', 'window.connection.lost')).waitFor()
  await place.startServer()
  expect((await steadygrad(place.home, ['runs'])).out).toContain('interrupted')
})
