import { app, dialog, Menu, type BrowserWindow } from 'electron'
import type { WorkbenchEvent } from '#contract/events'
import type { Language } from '#contract/messages'
import { requests } from '#contract/requests'
import { serve, type Wire } from '#contract/wire'
import type { Workbench } from '../../application/workbench'
import { describeError, endWhenTold } from '../node/ending'
import { languageFrom } from '../node/paths'
import { openBackground, type Background } from './background'
import { settleRuns, trainingRuns } from './closing'
import { menuTemplate } from './menu'
import { openPageWires } from './page-wires'
import { PAGE_ORIGIN, registerScheme, servePage } from './protocol'
import { denyNavigation, denyNetwork, denyPermissions } from './security'
import { createWindow } from './window'

/**
 * Shows the workbench in a window of its own. It ends with the window, unless a run shall go on in the background:
 * then it ends with the last run. A second start brings the first one's window to the front and ends. To be called
 * before the app is ready.
 */
export function openElectronShell(options: {
  createWorkbench(): Workbench
  /** Folder of the built page. */
  page: string
  /** Path of the built preload script. */
  preload: string
  /** Path of the picture that stands for it in the tray. */
  icon: string
}): void {
  if (!app.requestSingleInstanceLock()) return app.quit()
  const developed = developedPage()
  const origin = developed ?? PAGE_ORIGIN
  let window: BrowserWindow | undefined
  let background: Background | undefined
  let open: (() => Promise<void>) | undefined
  app.enableSandbox()
  registerScheme()
  denyNavigation(origin)
  const show = (): void => {
    if (!window) return void open?.().catch(fail)
    if (window.isMinimized()) window.restore()
    window.focus()
  }
  app.on('second-instance', show)
  app.on('activate', show)
  app.on('window-all-closed', () => {
    if (!background?.isKept) app.quit()
  })

  app
    .whenReady()
    .then(async () => {
      const workbench = options.createWorkbench()
      closeBeforeQuit(workbench)
      denyPermissions()
      if (!developed) denyNetwork()
      await servePage(options.page)
      const language = await followLanguage(workbench, (spoken) =>
        Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(spoken)))
      )
      const kept = openBackground(workbench, options.icon, { show, end: () => app.quit() })
      background = kept
      open = async () => {
        const opened = createWindow(options.preload)
        window = opened
        kept.leave()
        askBeforeClosing(opened, workbench, { language, background: kept })
        opened.on('closed', () => (window = undefined))
        openPageWires(opened, origin, (wire) => attach(wire, workbench))
        await opened.loadURL(`${origin}/`)
      }
      await open()
    })
    .catch(fail)
}

function fail(error: unknown): void {
  dialog.showErrorBox('Steadygrad', describeError(error, systemLanguage()))
  app.exit(1)
}

/** A window with runs at work closes only after its user has said what shall become of them. */
function askBeforeClosing(
  window: BrowserWindow,
  workbench: Workbench,
  { language, background }: { language(): Language; background: Background }
): void {
  let state: 'open' | 'asking' | 'closing' = 'open'
  window.on('close', (event) => {
    if (state === 'closing' || (state === 'open' && trainingRuns(workbench).length === 0)) return
    // Quitting begins with this and is called off with it; the last window that closes quits in the end.
    event.preventDefault()
    if (state === 'asking') return
    state = 'asking'
    settleRuns(window, workbench, language())
      .then((choice) => {
        state = choice === 'stay' ? 'open' : 'closing'
        if (choice === 'background') background.enter(language())
        if (choice !== 'stay') window.close()
      })
      .catch(fail)
  })
}

/** Quitting waits until runs have written a checkpoint. */
function closeBeforeQuit(workbench: Workbench): void {
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= workbench.close())
  app.on('will-quit', (event) => {
    event.preventDefault()
    void close().finally(() => app.exit())
  })
  endWhenTold(close)
}

/** Serves one page until it goes. */
function attach(wire: Wire, workbench: Workbench): void {
  const served = serve<typeof requests, WorkbenchEvent>(wire, requests, workbench.handlers)
  const leave = workbench.on(served.announce)
  void wire.closed.then(() => {
    leave()
    served.stop()
  })
}

/** Speaks the language of the settings, now and after each change; answers with the way to know it. */
async function followLanguage(
  workbench: Workbench,
  speak: (language: Language) => void
): Promise<() => Language> {
  const system = systemLanguage()
  const read = async (): Promise<Language> => {
    // Settings that cannot be read are said in the window.
    const stored = await Promise.resolve(workbench.handlers['settings.read']({})).catch(() => undefined)
    return !stored || stored.language === 'system' ? system : stored.language
  }
  let language = await read()
  speak(language)
  workbench.on((event) => {
    if (event.type !== 'settings.changed') return
    const { language: wanted } = event.settings
    language = wanted === 'system' ? system : wanted
    speak(language)
  })
  return () => language
}

/** The origin of Vite's page under `npm run dev`; an installed app has none. */
function developedPage(): string | undefined {
  const address = process.env.ELECTRON_RENDERER_URL
  return app.isPackaged || !address ? undefined : new URL(address).origin
}

const systemLanguage = (): Language => languageFrom(process.env, app.getLocale())
