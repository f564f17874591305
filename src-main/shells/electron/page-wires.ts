import { ipcMain, type BrowserWindow, type IpcMainEvent, type WebContents } from 'electron'
import { WIRE_CHANNEL } from '#contract/bridge'
import type { Wire } from '#contract/wire'

/**
 * Gives every page that a window loads a wire of its own, so that the answer to a request never reaches the page
 * that was loaded after it. Messages count only when they come from the main frame of this window and from `origin`.
 */
export function openPageWires(window: BrowserWindow, origin: string, accept: (wire: Wire) => void): void {
  const { webContents } = window
  let leave: ((reason: string) => void) | undefined
  webContents.on('did-navigate', () => {
    leave?.('the page was loaded anew')
    const { wire, close } = pageWire(webContents, origin)
    leave = close
    accept(wire)
  })
  webContents.on('render-process-gone', (_event, { reason }) => leave?.(reason))
  window.on('closed', () => leave?.('the window was closed'))
}

function pageWire(contents: WebContents, origin: string): { wire: Wire; close(reason: string): void } {
  const listeners = new Set<(message: unknown) => void>()
  let isOpen = true
  const hear = (event: IpcMainEvent, message: unknown): void => {
    if (isFrom(contents, origin, event)) listeners.forEach((listener) => listener(message))
  }
  ipcMain.on(WIRE_CHANNEL, hear)

  let settle: (reason: string) => void
  const closed = new Promise<string>((resolve) => (settle = resolve))
  return {
    wire: {
      post: (message) => {
        if (isOpen && !contents.isDestroyed()) contents.send(WIRE_CHANNEL, message)
      },
      listen: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      closed
    },
    close(reason) {
      isOpen = false
      ipcMain.removeListener(WIRE_CHANNEL, hear)
      settle(reason)
    }
  }
}

/** The frame is null when it went away after it had sent the message. */
function isFrom(contents: WebContents, origin: string, { sender, senderFrame }: IpcMainEvent): boolean {
  return sender === contents && senderFrame?.parent === null && senderFrame.origin === origin
}
