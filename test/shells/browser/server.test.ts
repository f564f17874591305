import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, request, type IncomingHttpHeaders, type RequestOptions } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { encodeMessage } from '#contract/codec'
import { Failure } from '#contract/failure'
import { makeToken } from '../../../src-main/shells/browser/access'
import { openServer, type Server } from '../../../src-main/shells/browser/server'
import { socketWire } from '../../../src-main/shells/browser/socket-wire'
import { readPage, SECURITY_HEADERS } from '../../../src-main/shells/node/page'

const INDEX = '<!doctype html><title>page</title>'
const SCRIPT = 'export {}'
const token = makeToken()
const receive = (): Promise<string> => Promise.resolve('/nowhere')
/** What becomes of the files that a page sends; each test has its own. */
let takenBy: (body: AsyncIterable<Uint8Array>) => Promise<string> = receive
const protocols = ['steadygrad.v1', `steadygrad.token.${token}`]
let folder: string
let server: Server
let port: number

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadygrad-server-'))
  const page = join(folder, 'renderer')
  await mkdir(join(page, 'assets'), { recursive: true })
  await writeFile(join(page, 'index.html'), INDEX)
  await writeFile(join(page, 'assets', 'index-1a2b.js'), SCRIPT)
  await writeFile(join(folder, 'secret.txt'), 'secret')
  server = await openServer({
    page: await readPage(page),
    port: 0,
    token,
    receive: (body) => takenBy(body),
    accept: (socket) => {
      const wire = socketWire(socket)
      wire.listen((message) => wire.post(message))
    }
  })
  port = Number(new URL(server.origin).port)
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

function ask(options: RequestOptions & { body?: string }): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, agent: false, ...options }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => (body += text))
      response.on('end', () =>
        resolve({ status: response.statusCode as number, headers: response.headers, body })
      )
    })
    sent.on('error', reject)
    sent.end(options.body)
  })
}

/** Sends text as it is, because a client would mend it, and answers with what came back. */
function askRaw(text: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(text))
    let all = ''
    socket.setEncoding('utf8').on('data', (part: string) => (all += part))
    socket.on('error', reject)
    socket.on('close', () => {
      const [head, body = ''] = all.split('\r\n\r\n')
      const [line, ...headers] = head.split('\r\n')
      const pairs = headers.map((header) => header.split(/: (.*)/s).slice(0, 2))
      resolve({
        status: Number(line.split(' ')[1]),
        headers: Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value])) as never,
        body
      })
    })
  })
}

const expectSafe = ({ headers }: Answer): void => {
  const safe = Object.entries(SECURITY_HEADERS).map(([name, value]) => [name.toLowerCase(), value])
  expect(headers).toMatchObject(Object.fromEntries(safe) as Record<string, string>)
  expect(headers).not.toHaveProperty('access-control-allow-origin')
}

describe('files of the page', () => {
  test('are sent without a token, with strict headers, the page fresh and its assets to be kept', async () => {
    const page = await ask({ path: '/' })
    const asset = await ask({ path: '/assets/index-1a2b.js?v=1' })
    for (const answer of [page, asset]) expectSafe(answer)
    expect(
      [page, asset].map(({ status, body, headers }) => [
        status,
        body,
        headers['content-type'],
        headers['cache-control']
      ])
    ).toEqual([
      [200, INDEX, 'text/html; charset=utf-8', 'no-store'],
      [200, SCRIPT, 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable']
    ])
  })

  test('are described by HEAD as by GET, without their content', async () => {
    const { status, headers, body } = await ask({ path: '/index.html', method: 'HEAD' })
    expect([status, headers['content-length'], body]).toEqual([200, String(INDEX.length), ''])
  })

  test.each<[string, () => RequestOptions & { body?: string }, number]>([
    ['another name for this address', () => ({ headers: { host: `rebind.example:${port}` } }), 421],
    ['localhost, which is another origin', () => ({ headers: { host: `localhost:${port}` } }), 421],
    ['another port in the host', () => ({ headers: { host: '127.0.0.1:1' } }), 421],
    ['a page from elsewhere', () => ({ headers: { origin: 'http://evil.example' } }), 403],
    ['a page on this machine with another port', () => ({ headers: { origin: 'http://127.0.0.1:1' } }), 403],
    ['a page without an origin', () => ({ headers: { origin: 'null' } }), 403],
    [
      'a part of this page in another one',
      () => ({ headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' } }),
      403
    ],
    [
      'POST',
      () => ({ method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x'.repeat(1e6) }),
      405
    ],
    ['OPTIONS, which would ask for permission', () => ({ method: 'OPTIONS' }), 405],
    ['DELETE', () => ({ method: 'DELETE' }), 405],
    ['an expectation that nobody meets', () => ({ path: '/none', headers: { expect: 'the-moon' } }), 404],
    ['the socket’s path without a socket', () => ({ path: '/wire' }), 426],
    ['a file that is not part of the page', () => ({ path: '/secret.txt' }), 404],
    ['a way out', () => ({ path: '/../secret.txt' }), 404],
    ['a way out from inside', () => ({ path: '/assets/../../secret.txt' }), 404],
    ['an encoded way out', () => ({ path: '/%2e%2e/secret.txt' }), 404],
    ['an encoded slash', () => ({ path: '/..%2fsecret.txt' }), 404],
    ['a twice encoded way out', () => ({ path: '/%252e%252e/secret.txt' }), 404],
    ['a backslash', () => ({ path: '/..\\secret.txt' }), 404],
    ['a NUL', () => ({ path: '/index.html%00.png' }), 404],
    ['an absolute path', () => ({ path: '//etc/passwd' }), 404],
    ['a whole address', () => ({ path: 'http://127.0.0.1/index.html' }), 404],
    ['a name of every object', () => ({ path: '/__proto__' }), 404]
  ])('are refused to %s', async (_, options, status) => {
    const answer = await ask({ path: '/', ...options() })
    expectSafe(answer)
    expect([answer.status, answer.body.includes('secret')]).toEqual([status, false])
  })

  test('may be led to by a link from anywhere', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
    expect((await ask({ path: '/', headers })).status).toBe(200)
  })

  test.each([
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 421],
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['a header that is too long', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 400]
  ])('are refused to a request with %s', async (_, text, status) => {
    const answer = await askRaw(text)
    expectSafe(answer)
    expect(answer.status).toBe(status)
  })
})

/** Opens a socket, or answers with the status of the refusal. */
function openSocket(options: {
  protocols?: string[]
  headers?: Record<string, string>
  path?: string
}): Promise<WebSocket | Answer> {
  const { path = '/wire' } = options
  const headers = { origin: server.origin, ...options.headers }
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, options.protocols ?? protocols, { headers })
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve(socket))
    socket.on('unexpected-response', (_request, response) => {
      response.resume()
      resolve({ status: response.statusCode as number, headers: response.headers, body: '' })
    })
    socket.on('error', reject)
  })
}

async function openPage(): Promise<WebSocket> {
  const socket = await openSocket({})
  if (!(socket instanceof WebSocket)) throw new Error(`refused: ${socket.status}`)
  return socket
}

describe('the socket', () => {
  test('opens for our page with its token, speaks our protocol and keeps typed arrays and NaN', async () => {
    const socket = await openPage()
    const wire = socketWire(socket)
    const answer = new Promise((resolve) => wire.listen(resolve))
    const message = { kind: 'echo', values: new Float32Array([1, NaN, Infinity]), nothing: null }
    wire.post(message)
    expect([await answer, socket.protocol]).toEqual([message, 'steadygrad.v1'])
    socket.terminate()
  })

  test.each<[string, () => Parameters<typeof openSocket>[0], number]>([
    ['without a token', () => ({ protocols: ['steadygrad.v1'] }), 401],
    ['with an empty token', () => ({ protocols: ['steadygrad.v1', 'steadygrad.token.'] }), 401],
    ['with another token', () => ({ protocols: ['steadygrad.v1', `steadygrad.token.${makeToken()}`] }), 401],
    [
      'with a part of the token',
      () => ({ protocols: ['steadygrad.v1', `steadygrad.token.${token.slice(0, 42)}`] }),
      401
    ],
    ['from a page elsewhere', () => ({ headers: { origin: 'http://evil.example' } }), 403],
    ['from the same host with another port', () => ({ headers: { origin: 'http://127.0.0.1:1' } }), 403],
    ['from our address by another name', () => ({ headers: { origin: `http://localhost:${port}` } }), 403],
    ['without an origin', () => ({ headers: { origin: '' } }), 403],
    ['under another host', () => ({ headers: { host: `rebind.example:${port}` } }), 421],
    [
      'from another site, whatever its origin says',
      () => ({ headers: { 'sec-fetch-site': 'cross-site' } }),
      403
    ],
    ['on another path', () => ({ path: '/' }), 404]
  ])('does not open %s', async (_, options, status) => {
    const answer = (await openSocket(options())) as Answer
    expectSafe(answer)
    expect(answer.status).toBe(status)
  })

  test('is refused with our headers when its handshake is broken', async () => {
    const answer = await askRaw(
      `GET /wire HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${server.origin}\r\nConnection: Upgrade\r\n` +
        `Upgrade: websocket\r\nSec-WebSocket-Protocol: ${protocols.join(', ')}\r\n\r\n`
    )
    expectSafe(answer)
    expect(answer.status).toBe(400)
  })

  test.each<[string, (socket: WebSocket) => void, number]>([
    ['a message that is too large', (socket) => socket.send(encodeMessage('x'.repeat(2e6))), 1009],
    ['text', (socket) => socket.send('{}'), 1003],
    ['bytes that are no message', (socket) => socket.send(Buffer.from([0xc1])), 1007]
  ])('closes for %s', async (_, send, code) => {
    const socket = await openPage()
    socket.on('error', () => {})
    send(socket)
    expect((await once(socket, 'close'))[0]).toBe(code)
  })
})

describe('files that the page sends', () => {
  /** Sends some bytes as our page would, unless something is changed. */
  const send = (changed: RequestOptions & { body?: string } = {}): Promise<Answer> =>
    ask({
      path: '/upload',
      method: 'POST',
      body: 'some bytes',
      ...changed,
      headers: {
        origin: server.origin,
        authorization: `Bearer ${token}`,
        'content-type': 'application/octet-stream',
        ...changed.headers
      }
    })
  let taken: string[]
  beforeEach(() => {
    taken = []
    takenBy = async (body) => {
      for await (const piece of body) taken.push(Buffer.from(piece).toString())
      return '/library/a.csv'
    }
  })

  test('are taken with the token of this page, and answered with where they are', async () => {
    const answer = await send()
    expectSafe(answer)
    expect([answer.status, JSON.parse(answer.body), taken.join(''), answer.headers['cache-control']]).toEqual(
      [200, { path: '/library/a.csv' }, 'some bytes', 'no-store']
    )
  })

  test.each<[string, () => RequestOptions & { body?: string }, number]>([
    ['without a token', () => ({ headers: { authorization: '' } }), 401],
    ['with another token', () => ({ headers: { authorization: `Bearer ${makeToken()}` } }), 401],
    ['with a part of the token', () => ({ headers: { authorization: `Bearer ${token.slice(0, 42)}` } }), 401],
    ['with the bare token', () => ({ headers: { authorization: token } }), 401],
    ['from a page elsewhere', () => ({ headers: { origin: 'http://evil.example' } }), 403],
    ['from the same host with another port', () => ({ headers: { origin: 'http://127.0.0.1:1' } }), 403],
    ['from our address by another name', () => ({ headers: { origin: `http://localhost:${port}` } }), 403],
    ['without an origin', () => ({ headers: { origin: '' } }), 403],
    ['from another site', () => ({ headers: { 'sec-fetch-site': 'cross-site' } }), 403],
    ['under another host', () => ({ headers: { host: `rebind.example:${port}` } }), 421],
    ['as a form', () => ({ headers: { 'content-type': 'multipart/form-data' } }), 415],
    ['as text', () => ({ headers: { 'content-type': 'text/plain' } }), 415],
    ['without a length', () => ({ headers: { 'transfer-encoding': 'chunked' } }), 411],
    ['by GET', () => ({ method: 'GET', body: '' }), 405],
    ['by PUT', () => ({ method: 'PUT' }), 405]
  ])('are not taken %s', async (_, options, status) => {
    const answer = await send(options())
    expectSafe(answer)
    expect([answer.status, taken]).toEqual([status, []])
  })

  test('that are refused in the middle are answered with the sentence, also when most is still to come', async () => {
    takenBy = async (body) => {
      for await (const piece of body) throw new Failure('data.uploadBadPath', { path: `${piece.length > 0}` })
      return ''
    }
    const answer = await send({ body: 'x'.repeat(8 << 20) })
    expectSafe(answer)
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      422,
      { key: 'data.uploadBadPath', values: { path: 'true' }, kind: 'input' }
    ])
  })

  test('are told as cut to whoever takes them when the page goes away', async () => {
    let cut: (error: unknown) => void
    const failed = new Promise((resolve) => (cut = resolve))
    takenBy = async (body) => {
      try {
        for await (const piece of body) taken.push(Buffer.from(piece).toString())
      } catch (error) {
        cut(error)
        throw error
      }
      return ''
    }
    const headers = {
      origin: server.origin,
      authorization: `Bearer ${token}`,
      'content-type': 'application/octet-stream',
      'content-length': '1000'
    }
    const sent = request({ host: '127.0.0.1', port, agent: false, path: '/upload', method: 'POST', headers })
    sent.on('error', () => {})
    sent.write('a part')
    await vi.waitUntil(() => taken.length > 0)
    sent.destroy()
    expect(await failed).toMatchObject({ key: 'data.uploadCut' })
  })

  test('leave the connection to others', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const answers = [await send({ agent }), await ask({ path: '/', agent }), await send({ agent })]
    agent.destroy()
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  })
})

test('a page that no longer answers is let go', async () => {
  const quick = await openServer({
    page: new Map(),
    port: 0,
    token,
    accept: () => {},
    receive,
    pingInterval: 10
  })
  const socket = new WebSocket(`${quick.origin.replace('http', 'ws')}/wire`, protocols, {
    headers: { origin: quick.origin },
    autoPong: false
  })
  expect((await once(socket, 'close'))[0]).toBe(1006)
  await quick.close()
})
test('a port that is in use is refused with its number', async () => {
  const failure = await openServer({ page: new Map(), port, token, accept: () => {}, receive }).catch(
    (error: unknown) => error
  )
  expect((failure as Failure).toRecord()).toEqual({
    key: 'shell.portTaken',
    values: { port: String(port) },
    kind: 'input'
  })
})

test('a server that closes tells its pages so, and is gone', async () => {
  const short = await openServer({ page: new Map(), port: 0, token, accept: () => {}, receive })
  const socket = new WebSocket(`${short.origin.replace('http', 'ws')}/wire`, protocols, {
    headers: { origin: short.origin }
  })
  await once(socket, 'open')
  const left = once(socket, 'close')
  await short.close()
  expect((await left)[0]).toBe(1001)
  await expect(ask({ port: Number(new URL(short.origin).port) })).rejects.toThrow('ECONNREFUSED')
})

test('a page that was not built is missed by the name of its folder', async () => {
  const failure = await readPage(join(folder, 'none')).catch((error: unknown) => error)
  expect((failure as Failure).toRecord()).toEqual({
    key: 'shell.noPage',
    values: { folder: join(folder, 'none') },
    kind: 'input'
  })
})
