import { app, session } from 'electron'

/** The one thing a page may ask the system for: putting text on the clipboard. */
const GRANTED = 'clipboard-sanitized-write'
const REMOTE = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*']

/** Refuses everything a window could ask the system for. To be called when the app is ready. */
export function denyPermissions(): void {
  const { defaultSession } = session
  defaultSession.setPermissionRequestHandler((_contents, permission, answer) =>
    answer(permission === GRANTED)
  )
  defaultSession.setPermissionCheckHandler((_contents, permission) => permission === GRANTED)
  defaultSession.setDevicePermissionHandler(() => false)
  defaultSession.setDisplayMediaRequestHandler(null)
}

/** Keeps every window off the network, whatever its content security policy says. */
export function denyNetwork(): void {
  session.defaultSession.webRequest.onBeforeRequest({ urls: REMOTE }, (_details, answer) =>
    answer({ cancel: true })
  )
}

/** Keeps every page, present and future, on its origin: nothing else is loaded, in no new window and in no frame. */
export function denyNavigation(origin: string): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame || originOf(event.url) !== origin) event.preventDefault()
    })
    contents.on('will-redirect', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
}

// The URL standard gives a scheme of our own no origin, so it is put together here.
function originOf(address: string): string {
  const { protocol, host } = new URL(address)
  return `${protocol}//${host}`
}
