import { once } from 'node:events'
import { expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { WorkbenchEvent } from '#contract/events'
import type { Requests } from '#contract/requests'
import { connect } from '#contract/wire'
import type { Workbench } from '../../../src-main/application/workbench'
import { makeToken } from '../../../src-main/shells/browser/access'
import { openServer } from '../../../src-main/shells/browser/server'
import { attach } from '../../../src-main/shells/browser/shell'
import { socketWire } from '../../../src-main/shells/browser/socket-wire'

const values = new Float32Array([1, NaN, Infinity])
const steps: WorkbenchEvent = {
  type: 'run.steps',
  run: 'a',
  batch: { first: 1, count: 1, width: 3, values }
}

/** A workbench of which only what a page needs is real. */
function fakeWorkbench() {
  const listeners = new Set<(event: WorkbenchEvent) => void>()
  const pause = vi.fn(() => null)
  const workbench = {
    handlers: { 'run.pause': pause },
    on: (listener: (event: WorkbenchEvent) => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
  } as unknown as Workbench
  return { workbench, pause, listeners }
}

test('every page asks the same workbench and hears all its events, until it goes', async () => {
  const { workbench, pause, listeners } = fakeWorkbench()
  const token = makeToken()
  const server = await openServer({
    page: new Map(),
    port: 0,
    token,
    receive: (body) => workbench.receive(body),
    accept: (socket) => attach(socket, workbench)
  })
  const openPage = async () => {
    const protocols = ['steadygrad.v1', `steadygrad.token.${token}`]
    const address = `${server.origin.replace('http', 'ws')}/wire`
    const socket = new WebSocket(address, protocols, { headers: { origin: server.origin } })
    const client = connect<Requests, WorkbenchEvent>(socketWire(socket))
    await once(socket, 'open')
    return { socket, client }
  }
  const pages = [await openPage(), await openPage()]
  const answers = await Promise.all(pages.map(({ client }) => client.call('run.pause', { run: 'a' })))
  expect([answers, pause.mock.calls]).toEqual([
    [null, null],
    [[{ run: 'a' }], [{ run: 'a' }]]
  ])
  await expect(pages[0].client.call('run.pause', { run: 1 } as never)).rejects.toMatchObject({
    key: 'request.invalid'
  })

  const heard = pages.map(({ client }) => new Promise((resolve) => client.on(resolve)))
  listeners.forEach((listener) => listener(steps))
  expect(await Promise.all(heard)).toEqual([steps, steps])

  pages[0].socket.close()
  await once(pages[0].socket, 'close')
  await vi.waitUntil(() => listeners.size === 1)
  pause.mockReturnValue(new Promise<never>(() => {}) as never)
  const unanswered = expect(pages[1].client.call('run.pause', { run: 'a' })).rejects.toMatchObject({
    key: 'wire.closed'
  })
  await vi.waitUntil(() => pause.mock.calls.length === 3)
  await server.close()
  await unanswered
})
