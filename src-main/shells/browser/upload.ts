import type { IncomingMessage, ServerResponse } from 'node:http'
import { Failure } from '#contract/failure'
import { SECURITY_HEADERS } from '../node/page'

/** With no new byte for this long the page is taken to be gone. */
const SILENCE_MS = 30_000
/** What a page still sends after it was refused is read for this long, so that it comes to read the reason. */
const DRAIN_MS = 5_000

/** Takes what a page sends, piece by piece; answers with the path to open. */
export type Receive = (body: AsyncIterable<Uint8Array>) => Promise<string>

/** Takes the files of a request that may send them, and answers with their path or with what is wrong with them. */
export async function takeFiles(
  request: IncomingMessage,
  response: ServerResponse,
  receive: Receive
): Promise<void> {
  request.setTimeout(SILENCE_MS, () => request.destroy())
  try {
    const path = await receive(piecesOf(request))
    request.setTimeout(0)
    answer(response, 200, { path })
  } catch (error) {
    // Whoever went away in the middle reads no answer.
    if (request.destroyed && !request.complete) return void response.destroy()
    answer(response, error instanceof Failure ? 422 : 500, failureOf(error))
    const giveUp = setTimeout(() => request.destroy(), DRAIN_MS)
    request.once('close', () => clearTimeout(giveUp))
    request.resume()
  }
}

/** The body without the iterator's own end: what is refused in the middle must still be answered on this connection. */
async function* piecesOf(request: IncomingMessage): AsyncIterable<Uint8Array> {
  try {
    yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNRESET') throw new Failure('data.uploadCut')
    throw error
  }
}

function answer(response: ServerResponse, status: number, content: object): void {
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    ...(status !== 200 && { Connection: 'close' })
  })
  response.end(JSON.stringify(content))
}

function failureOf(error: unknown): object {
  if (error instanceof Failure) return error.toRecord()
  console.error(error)
  return { problem: String(error) }
}
