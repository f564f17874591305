import { BrowserWindow, type BrowserWindowConstructorOptions } from 'electron'

/** A page that breaks down again this soon is left alone. */
const STABLE_MS = 5_000
const BACKGROUND = '#16181d'

/** The options of our window: a page in it has the web's powers and no more. */
export const windowOptions = (preload: string): BrowserWindowConstructorOptions => ({
  width: 1440,
  height: 900,
  minWidth: 800,
  minHeight: 560,
  show: false,
  backgroundColor: BACKGROUND,
  webPreferences: {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false
  }
})

/** Makes the window; `show` it by loading a page into it. A page that breaks down is loaded again: runs do not care. */
export function createWindow(preload: string, now: () => number = Date.now): BrowserWindow {
  const window = new BrowserWindow(windowOptions(preload))
  let brokenAt = -Infinity
  window.once('ready-to-show', () => window.show())
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || now() - brokenAt < STABLE_MS) return
    brokenAt = now()
    window.webContents.reload()
  })
  return window
}
