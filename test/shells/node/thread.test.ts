import { expect, test } from 'vitest'
import { startThread } from '../../../src-main/shells/node/thread'

const module = (text: string): URL => new URL(`data:text/javascript,${encodeURIComponent(text)}`)
const WITH_PORT = `import { parentPort, workerData } from 'node:worker_threads'\n`

test('a thread finds its task, shares its memory and answers', async () => {
  const shared = new Uint8Array(new SharedArrayBuffer(1))
  const text = `${WITH_PORT}parentPort.on('message', (by) => parentPort.postMessage((workerData.shared[0] += by)))`
  const thread = startThread(module(text), { shared })
  const answer = new Promise((resolve) => thread.listen(resolve))
  thread.post(7)
  expect([await answer, shared[0]]).toEqual([7, 7])
  thread.end()
  expect(await thread.closed).toBe('exit code 1')
})

test('a thread that breaks down says why', async () => {
  const thread = startThread(module(`throw new Error('no such luck')`), {})
  expect(await thread.closed).toBe('no such luck')
})
