import { expect, test } from 'vitest'
import { z } from 'zod'
import { decodeMessage, encodeMessage } from '#contract/codec'
import { Failure } from '#contract/failure'
import { connect, serve, type Wire } from '#contract/wire'

/** Two ends of one wire that carries bytes, as a socket does. */
function wirePair(): { a: Wire; b: Wire; cut(reason: string): void } {
  const listeners = { a: new Set<(message: unknown) => void>(), b: new Set<(message: unknown) => void>() }
  let cut: (reason: string) => void = () => {}
  const closed = new Promise<string>((resolve) => (cut = resolve))
  const end = (mine: Set<(message: unknown) => void>, other: Set<(message: unknown) => void>): Wire => ({
    post: (message) => {
      const bytes = encodeMessage(message)
      queueMicrotask(() => other.forEach((listener) => listener(decodeMessage(bytes))))
    },
    listen: (listener) => {
      mine.add(listener)
      return () => mine.delete(listener)
    },
    closed
  })
  return { a: end(listeners.a, listeners.b), b: end(listeners.b, listeners.a), cut }
}

const table = {
  double: { input: z.object({ value: z.number() }), output: z.number() },
  refuse: { input: z.object({}), output: z.null() },
  break: { input: z.object({}), output: z.null() },
  hang: { input: z.object({}), output: z.null() }
}
const handlers = {
  double: ({ value }: { value: number }) => value * 2,
  refuse: () => {
    throw new Failure('storage.notFound', { path: 'here' })
  },
  break: () => {
    throw new TypeError('a bug')
  },
  hang: () => new Promise<null>(() => {})
}

function connected() {
  const { a, b, cut } = wirePair()
  const server = serve<typeof table, unknown>(a, table, handlers)
  return { server, client: connect<typeof table, unknown>(b), cut, raw: b }
}

test('a request is answered, a failure keeps its key, a bug keeps its name', async () => {
  const { client } = connected()
  expect(await client.call('double', { value: 21 })).toBe(42)
  await expect(client.call('refuse', {})).rejects.toMatchObject({
    key: 'storage.notFound',
    values: { path: 'here' }
  })
  await expect(client.call('break', {})).rejects.toMatchObject({ name: 'TypeError', message: 'a bug' })
})

test('an unknown request and a wrong input are refused with a sentence', async () => {
  const { client } = connected()
  await expect(client.call('triple' as 'double', { value: 1 })).rejects.toThrow('no request named “triple”')
  await expect(client.call('double', { value: 'x' } as never)).rejects.toThrow('double was refused: value')
})

test('a call that waits when the wire closes fails with the reason', async () => {
  const { client, cut } = connected()
  const call = client.call('hang', {})
  cut('gone')
  await expect(call).rejects.toMatchObject({ key: 'wire.closed', values: { reason: 'gone' } })
  await expect(client.call('double', { value: 1 })).rejects.toMatchObject({ key: 'wire.closed' })
})

test('an event reaches its listeners with NaN, Inf and typed arrays as they are', async () => {
  const { server, client } = connected()
  const event = {
    values: Float32Array.of(NaN, Infinity, -0),
    loss: NaN,
    steps: Float64Array.of(1),
    labels: Int32Array.of(-1)
  }
  const heard = await new Promise((resolve) => {
    client.on(resolve)
    server.announce(event)
  })
  expect(heard).toEqual(event)
})

test('what is no message is ignored', async () => {
  const { client, raw } = connected()
  raw.post({ kind: 'nonsense' })
  raw.post(null)
  expect(await client.call('double', { value: 1 })).toBe(2)
})
