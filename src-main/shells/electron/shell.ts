import { app, dialog, Menu, type BrowserWindow } from 'electron'
import type { WorkbenchEvent } from '#contract/events'
import type { Language } from '#contract/messages'
import { requests } from '#contract/requests'
import { serve, type Wire } from '#contract/wire'
import type { Workbench } from '../../application/workbench'
import { describeError, endWhenTold } from '../node/ending'
import { languageFrom } from '../node/paths'
import { menuTemplate } from './menu'
import { openPageWires } from './page-wires'
import { PAGE_ORIGIN, registerScheme, servePage } from './protocol'
import { denyNavigation, denyNetwork, denyPermissions } from './security'
import { createWindow } from './window'

/**
 * Shows the workbench in a window of its own until it is closed. A second start brings the first one's window to
 * the front and ends. To be called before the app is ready.
 */
export function openElectronShell(options: {
  createWorkbench(): Workbench
  /** Folder of the built page. */
  page: string
  /** Path of the built preload script. */
  preload: string
}): void {
  if (!app.requestSingleInstanceLock()) return app.quit()
  const developed = developedPage()
  const origin = developed ?? PAGE_ORIGIN
  let window: BrowserWindow | undefined
  app.enableSandbox()
  registerScheme()
  denyNavigation(origin)
  app.on('second-instance', () => {
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })
  app.on('window-all-closed', () => app.quit())

  app
    .whenReady()
    .then(async () => {
      const workbench = options.createWorkbench()
      closeBeforeQuit(workbench)
      Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(systemLanguage())))
      denyPermissions()
      if (!developed) denyNetwork()
      await servePage(options.page)
      window = createWindow(options.preload)
      window.on('closed', () => (window = undefined))
      openPageWires(window, origin, (wire) => attach(wire, workbench))
      await window.loadURL(`${origin}/`)
    })
    .catch((error: unknown) => {
      dialog.showErrorBox('Steadygrad', describeError(error, systemLanguage()))
      app.exit(1)
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

/** The origin of Vite's page under `npm run dev`; an installed app has none. */
function developedPage(): string | undefined {
  const address = process.env.ELECTRON_RENDERER_URL
  return app.isPackaged || !address ? undefined : new URL(address).origin
}

const systemLanguage = (): Language => languageFrom(process.env, app.getLocale())
