import type { Wire } from './wire'

/** The one channel between Electron's main process and its page. */
export const WIRE_CHANNEL = 'wire'

/** The wire's protocol in the browser shell, as a WebSocket subprotocol. */
export const SOCKET_PROTOCOL = 'steadygrad.v1'
/** Behind this prefix the page offers its token as a second subprotocol: a header that no other page can forge. */
export const TOKEN_PROTOCOL_PREFIX = 'steadygrad.token.'
/** Where the browser shell takes sockets. */
export const SOCKET_PATH = '/wire'

/**
 * What Electron's preload script puts on `window.steadygrad`. Only plain values and functions pass the context
 * bridge, so the page adds `closed` itself.
 */
export interface Bridge<File> {
  wire: Pick<Wire, 'post' | 'listen'>
  /** Absolute path of a file that the user dropped or chose; empty for one that was made in memory. */
  pathOf(file: File): string
}
