import { decodeMessage, encodeMessage } from '#contract/codec'
import { Failure, failureOf, type FailureRecord } from '#contract/failure'
import { LIST_LENGTH_BYTES, UPLOAD_PATH, uploadReply, type UploadList } from '#contract/upload'
import type { Wire } from '#contract/wire'
import type { Picked } from './state/picked-files'

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

/** How files get to the workbench; a page in a browser must send them, in Electron their path is enough. */
export interface FileDoor {
  /** Absolute path of a file that was dropped or chosen, where the page is told; else undefined. */
  pathOf(file: File): string | undefined
  /** Sends files and answers with the path to open; `report` hears the share that is sent. */
  send(files: readonly Picked[], report: (share: number) => void, signal: AbortSignal): Promise<string>
}

/** Electron's preload where there is one, else the server that sent this page. */
export function openFileDoor(): FileDoor {
  const { steadygrad } = window
  return {
    pathOf: (file) => steadygrad?.pathOf(file) || undefined,
    send: (files, report, signal) =>
      sendFiles(files, window.sessionStorage.getItem(TOKEN_KEY) ?? '', report, signal)
  }
}

/** A body that `contract/upload` describes. Files become parts of it by name: their content is read when it is sent. */
export function uploadBody(files: readonly Picked[]): Blob {
  const list: UploadList = { files: files.map(({ path, file }) => ({ path, bytes: file.size })) }
  const text = new TextEncoder().encode(JSON.stringify(list))
  const length = new DataView(new ArrayBuffer(LIST_LENGTH_BYTES))
  length.setUint32(0, text.length, true)
  return new Blob([length, text, ...files.map(({ file }) => file)])
}

// Not `fetch`, which tells nothing of how much is sent.
function sendFiles(
  files: readonly Picked[],
  token: string,
  report: (share: number) => void,
  signal: AbortSignal
): Promise<string> {
  const request = new XMLHttpRequest()
  request.open('POST', UPLOAD_PATH)
  request.setRequestHeader('Authorization', `Bearer ${token}`)
  request.setRequestHeader('Content-Type', 'application/octet-stream')
  request.upload.addEventListener('progress', ({ loaded, total }) => report(total > 0 ? loaded / total : 1))
  signal.addEventListener('abort', () => request.abort())
  return new Promise((resolve, reject) => {
    request.addEventListener('error', () => reject(new Failure('data.uploadCut')))
    request.addEventListener('abort', () => reject(new Failure('request.cancelled')))
    request.addEventListener('load', () => {
      if (request.status === 200) resolve(uploadReply.parse(JSON.parse(request.responseText)).path)
      else reject(refusalOf(request))
    })
    request.send(uploadBody(files))
  })
}

function refusalOf({ status, responseText }: XMLHttpRequest): Error {
  const refused = new Failure('data.uploadRefused', { status })
  if (status !== 422) return refused
  return failureOf(JSON.parse(responseText) as FailureRecord)
}
