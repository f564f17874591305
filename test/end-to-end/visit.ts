import type { Browser, Locator, Page } from 'playwright-core'
import { say, type Language, type MessageKey, type MessageValues } from '#contract/messages'
import type { View } from '../../src-renderer/state/view.svelte'

/** A page of the workbench, and how to find what a user would find by its name. */
export interface Visit {
  page: Page
  /** What the browser complained of: errors, violations of the content security policy. */
  complaints: string[]
  /** The words of the page's language. */
  say(key: MessageKey, values?: MessageValues): string
  button(key: MessageKey, values?: MessageValues): Locator
  /** Some words as they stand on the page. */
  text(key: MessageKey, values?: MessageValues): Locator
  goTo(view: View): Promise<void>
}

/** Whose window it is: the language, colours and size in pixels. */
export interface VisitOptions {
  language?: Language
  scheme?: 'light' | 'dark'
  size?: readonly [number, number]
}

/** Opens the workbench as a user of a language would see it, ready to train. */
export async function visit(
  browser: Browser,
  address: string,
  { language = 'en', scheme = 'light', size = [1280, 800] }: VisitOptions = {}
): Promise<Visit> {
  const viewport = { width: size[0], height: size[1] }
  const page = await browser.newPage({ locale: language, colorScheme: scheme, viewport })
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() !== 'log') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(address)
  const speak = (key: MessageKey, values?: MessageValues): string => say(language, key, values)
  const button: Visit['button'] = (key, values) =>
    page.getByRole('button', { name: speak(key, values), exact: true }).first()
  await button('window.start').and(page.locator(':enabled')).waitFor()
  return {
    page,
    complaints,
    say: speak,
    button,
    text: (key, values) => page.getByText(speak(key, values), { exact: true }).first(),
    goTo: (view) =>
      page
        .getByRole('navigation', { name: speak('window.views') })
        .getByText(speak(`window.view.${view}`), { exact: true })
        .click()
  }
}

/** Opens the newest run of the list, which must be completed. */
export async function openNewestRun({ page, say, goTo }: Visit): Promise<void> {
  await goTo('runs')
  await page
    .getByRole('button', { name: say('window.runs.open') })
    .first()
    .click()
  // The list says it too; only what is on display says it in strong letters.
  const state = page.locator('strong').filter({ hasText: say('window.state.completed'), visible: true })
  await state.first().waitFor()
}
