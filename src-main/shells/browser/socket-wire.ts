import type { RawData, WebSocket } from 'ws'
import { decodeMessage, encodeMessage } from '#contract/codec'
import type { Wire } from '#contract/wire'

const UNSUPPORTED_DATA = 1003
const INVALID_DATA = 1007

/** A wire over a socket whose messages are MessagePack. A message of another kind closes it. */
export function socketWire(socket: WebSocket): Wire {
  return {
    post: (message) => {
      // What the page did not stay to hear is told by `closed`.
      if (socket.readyState === socket.OPEN) socket.send(encodeMessage(message))
    },
    listen: (listener) => {
      const hear = (data: RawData, isBinary: boolean): void => {
        if (!isBinary) return socket.close(UNSUPPORTED_DATA)
        let message: unknown
        try {
          message = decodeMessage(data as Buffer)
        } catch {
          return socket.close(INVALID_DATA)
        }
        listener(message)
      }
      socket.on('message', hear)
      return () => socket.off('message', hear)
    },
    closed: new Promise((resolve) => socket.once('close', (code) => resolve(`${code}`)))
  }
}
