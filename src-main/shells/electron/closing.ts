import { dialog, type BrowserWindow } from 'electron'
import { say, type Language } from '#contract/messages'
import type { RunListing } from '#contract/run'
import type { Workbench } from '../../application/workbench'

/** What becomes of the runs of a window that is closed; `interrupt` needs nothing, the end of this process does it. */
export type Choice = 'background' | 'interrupt' | 'stop' | 'stay'
const choices: readonly Choice[] = ['background', 'interrupt', 'stop', 'stay']

/** Runs that would notice: a paused one has its checkpoint, and goes on from there whenever it is wanted. */
export const trainingRuns = (workbench: Workbench): RunListing[] =>
  workbench.active().filter(({ state }) => state !== 'paused')

/**
 * Asks what shall become of the runs at work when a window is closed, and does it. The question is the system's, so
 * that it comes even while the page hangs.
 */
export async function settleRuns(
  window: BrowserWindow,
  workbench: Workbench,
  language: Language
): Promise<Choice> {
  const runs = trainingRuns(workbench)
  const choice = await ask(window, runs, language)
  // One that ended meanwhile cannot be stopped, and need not be.
  if (choice === 'stop')
    await Promise.allSettled(runs.map(({ id }) => workbench.handlers['run.stop']({ run: id })))
  return choice
}

async function ask(window: BrowserWindow, runs: RunListing[], language: Language): Promise<Choice> {
  const values = { names: listNames(runs, language) }
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: say(language, runs.length === 1 ? 'shell.closing.one' : 'shell.closing.several', values),
    detail: say(language, 'shell.closing.detail'),
    buttons: choices.map((choice) => say(language, `shell.closing.${choice}`)),
    defaultId: choices.indexOf('background'),
    cancelId: choices.indexOf('stay'),
    noLink: true
  })
  return choices[response] ?? 'stay'
}

/** The names of runs as a language lists them. */
export const listNames = (runs: RunListing[], language: Language): string =>
  new Intl.ListFormat(language).format(runs.map(({ name }) => name))
