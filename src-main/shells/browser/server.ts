import { createServer, STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { SOCKET_PATH, SOCKET_PROTOCOL } from '#contract/bridge'
import { Failure } from '#contract/failure'
import { UPLOAD_PATH } from '#contract/upload'
import { SECURITY_HEADERS, type PageFile } from '../node/page'
import { refuseRequest, refuseSocket, refuseUpload, type Door } from './access'
import { takeFiles, type Receive } from './upload'

const LOOPBACK = '127.0.0.1'
const HEADER_BYTES = 16 << 10
const MESSAGE_BYTES = 1 << 20
const PATIENCE_MS = 10_000
const PING_INTERVAL_MS = 20_000
const CONNECTIONS = 256
const GOING_AWAY = 1001
/** Pages have this long to say goodbye. */
const FAREWELL_MS = 500

/** A running server. */
export interface Server {
  /** Such as `http://127.0.0.1:41327`, without the token. */
  origin: string
  close(): Promise<void>
}

/**
 * Serves the page on loopback and takes sockets from it. `port` 0 lets the system choose.
 * @throws Failure `shell.portTaken`, `shell.portForbidden`
 */
export async function openServer(options: {
  page: ReadonlyMap<string, PageFile>
  port: number
  token: string
  accept(socket: WebSocket): void
  /** Takes the files that a page sends; answers with the path to open. */
  receive: Receive
  pingInterval?: number
}): Promise<Server> {
  const { page, token, accept, receive, pingInterval = PING_INTERVAL_MS } = options
  const door: Door = { host: '', origin: '', token }
  const server = createServer({
    maxHeaderSize: HEADER_BYTES,
    headersTimeout: PATIENCE_MS,
    // Files may take long. Nobody else's body is read, and for files there is a patience between their pieces.
    requestTimeout: 0,
    // A request without a host is refused by us, with our headers.
    requireHostHeader: false
  })
  server.maxConnections = CONNECTIONS
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => offered.has(SOCKET_PROTOCOL) && SOCKET_PROTOCOL
  })

  const answerWithFile = (request: IncomingMessage, response: ServerResponse): void =>
    sendFile(page, refuseRequest(door, request), request, response)
  for (const event of ['request', 'checkContinue', 'checkExpectation'] as const)
    server.on(event, (request: IncomingMessage, response: ServerResponse) => {
      if (pathOf(request) !== UPLOAD_PATH) return answerWithFile(request, response)
      const status = refuseUpload(door, request)
      if (status !== undefined) return refuseRequestWith(status, response)
      void takeFiles(request, response, receive)
    })
  server.on('clientError', (_error, socket) => refuse(socket, 400))
  sockets.on('wsClientError', (_error, socket) => refuse(socket, 400))
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    const status = request.url === SOCKET_PATH ? refuseSocket(door, request) : 404
    if (status !== undefined) return refuse(socket, status)
    sockets.handleUpgrade(request, socket, head, (connected) => {
      // The socket closes itself after an error, and `close` is what counts.
      connected.on('error', () => {})
      accept(connected)
    })
  })
  const stopPinging = keepAlive(sockets, pingInterval)

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenFailure(error, options.port)))
    server.listen(options.port, LOOPBACK, resolve)
  })
  door.host = `${LOOPBACK}:${(server.address() as AddressInfo).port}`
  door.origin = `http://${door.host}`

  return {
    origin: door.origin,
    close() {
      stopPinging()
      for (const socket of sockets.clients) socket.close(GOING_AWAY)
      const giveUp = setTimeout(() => sockets.clients.forEach((socket) => socket.terminate()), FAREWELL_MS)
      return new Promise((resolve) => {
        server.close(() => {
          clearTimeout(giveUp)
          resolve()
        })
        server.closeAllConnections()
      })
    }
  }
}

function sendFile(
  page: ReadonlyMap<string, PageFile>,
  refused: number | undefined,
  request: IncomingMessage,
  response: ServerResponse
): void {
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  const path = pathOf(request)
  const file = page.get(path)
  const status = refused ?? (!isRead ? 405 : path === SOCKET_PATH ? 426 : file ? 200 : 404)
  if (status !== 200 || !file) return refuseRequestWith(status, response, 'GET, HEAD')
  response.writeHead(200, { ...file.headers, 'Content-Length': file.body.length })
  response.end(request.method === 'HEAD' ? undefined : file.body)
}

const pathOf = (request: IncomingMessage): string => request.url?.split('?', 1)[0] ?? ''

function refuseRequestWith(status: number, response: ServerResponse, allowed = 'POST'): void {
  response.writeHead(status, {
    ...refusalHeaders,
    ...(status === 405 && { Allow: allowed }),
    ...(status === 426 && { Upgrade: 'websocket' })
  })
  response.end(STATUS_CODES[status])
}

/** Nothing of the body is read, so the connection cannot be used again. */
const refusalHeaders = {
  ...SECURITY_HEADERS,
  'Content-Type': 'text/plain; charset=utf-8',
  'Cache-Control': 'no-store',
  Connection: 'close'
}

function refuse(socket: Duplex, status: number): void {
  if (!socket.writable) return void socket.destroy()
  const headers = Object.entries(refusalHeaders).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headers.join('')}\r\n`)
}

/** Lets sockets go whose page no longer answers, such as one on a laptop that was closed. */
function keepAlive(sockets: WebSocketServer, interval: number): () => void {
  const silent = new WeakSet<WebSocket>()
  const timer = setInterval(() => {
    for (const socket of sockets.clients) {
      if (silent.has(socket)) {
        socket.terminate()
        continue
      }
      silent.add(socket)
      socket.once('pong', () => silent.delete(socket))
      socket.ping()
    }
  }, interval)
  timer.unref()
  return () => clearInterval(timer)
}

function listenFailure(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE') return new Failure('shell.portTaken', { port: String(port) })
  if (error.code === 'EACCES') return new Failure('shell.portForbidden', { port: String(port) })
  return error
}
