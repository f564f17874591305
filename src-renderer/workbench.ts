import { decodeMessage, encodeMessage } from '#contract/codec'
import { Failure } from '#contract/failure'
import type { Wire } from '#contract/wire'

/** What the Electron preload puts on the window. */
interface Preload {
  wire: Pick<Wire, 'post' | 'listen'>
  pathOf(file: File): string
}

declare global {
  interface Window {
    steadygrad?: Preload
  }
}

const TOKEN_KEY = 'steadygrad.token'

/**
 * A wire to the workbench: Electron's preload where there is one, else a socket to the server that sent this page.
 * @throws Failure `window.noToken` or `window.noServer`
 */
export function openWire(): Promise<Wire> {
  if (window.steadygrad) return Promise.resolve(wireOfPreload(window.steadygrad))
  const token = takeToken(window.location, window.history, window.sessionStorage)
  if (!token) return Promise.reject(new Failure('window.noToken'))
  return openSocket(`ws://${window.location.host}/wire`, token)
}

/**
 * The secret that the server put into the address's fragment. It is kept for reloads of this tab and taken out of
 * the address, so that it is neither shown nor copied with it.
 */
export function takeToken(
  location: Pick<Location, 'hash' | 'pathname' | 'search'>,
  history: Pick<History, 'replaceState'>,
  storage: Pick<Storage, 'getItem' | 'setItem'>
): string | undefined {
  const named = new URLSearchParams(location.hash.slice(1))
  const found = named.get('token')
  if (!found) return storage.getItem(TOKEN_KEY) ?? undefined
  storage.setItem(TOKEN_KEY, found)
  named.delete('token')
  const rest = named.size > 0 ? `#${named}` : ''
  history.replaceState(null, '', location.pathname + location.search + rest)
  return found
}

// Electron's main process outlives its windows, so this end never sees the other one close.
const wireOfPreload = ({ wire }: Preload): Wire => ({
  post: wire.post,
  listen: wire.listen,
  closed: new Promise(() => {})
})

function openSocket(address: string, token: string): Promise<Wire> {
  const socket = new WebSocket(address, ['steadygrad.v1', `steadygrad.token.${token}`])
  socket.binaryType = 'arraybuffer'
  const closed = new Promise<string>((resolve) =>
    socket.addEventListener('close', ({ code, reason }) => resolve(reason || String(code)))
  )
  const wire: Wire = {
    post: (message) => socket.send(encodeMessage(message)),
    listen: (listener) => {
      const hear = ({ data }: MessageEvent<ArrayBuffer>): void =>
        listener(decodeMessage(new Uint8Array(data)))
      socket.addEventListener('message', hear)
      return () => socket.removeEventListener('message', hear)
    },
    closed
  }
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(wire))
    void closed.then(() => reject(new Failure('window.noServer', { address })))
  })
}
