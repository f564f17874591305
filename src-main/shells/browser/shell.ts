import type { WebSocket } from 'ws'
import type { WorkbenchEvent } from '#contract/events'
import type { Language } from '#contract/messages'
import { say } from '#contract/messages'
import { requests } from '#contract/requests'
import { serve } from '#contract/wire'
import type { Workbench } from '../../application/workbench'
import { endWhenTold } from '../node/ending'
import { readPage } from '../node/page'
import { makeToken } from './access'
import { hasDisplay, openBrowser } from './open-browser'
import { readOptions } from './options'
import { openServer } from './server'
import { announceTo } from './slow-reader'
import { socketWire } from './socket-wire'

/** A token given by `npm run dev`, whose page must find the server again after each of its restarts. */
const GIVEN_TOKEN = /^[\w-]{43}$/

/**
 * Shows the workbench in the user's browser until this process is told to end. One line goes to standard output:
 * the address.
 * @throws Failure `shell.*`
 */
export async function openBrowserShell(options: {
  /** Makes the workbench whose page may look through these folders. */
  createWorkbench(browsable: readonly string[]): Workbench
  /** Folder of the built page. */
  page: string
  parameters: string[]
  language: Language
}): Promise<void> {
  const { language } = options
  const { port, open, data } = readOptions(options.parameters)
  const workbench = options.createWorkbench(data)
  const given = process.env.STEADYGRAD_TOKEN
  const token = given !== undefined && GIVEN_TOKEN.test(given) ? given : makeToken()
  let forgetFile = (): void => {}
  const server = await openServer({
    page: await readPage(options.page),
    port,
    token,
    accept: (socket) => {
      forgetFile()
      attach(socket, workbench)
    },
    receive: (body) => workbench.receive(body)
  })
  process.on('exit', () => forgetFile())
  endWhenTold(async () => {
    await workbench.close()
    await server.close()
  })

  const address = `${server.origin}/#token=${token}`
  process.stdout.write(`${say(language, 'shell.address', { address })}\n`)
  if (!open || !hasDisplay()) return
  const opened = await openBrowser(address)
  if (opened) forgetFile = opened
  else process.stderr.write(`${say(language, 'shell.noBrowser')}\n`)
}

/** Serves one page until it goes. */
export function attach(socket: WebSocket, workbench: Workbench): void {
  const wire = socketWire(socket)
  const served = serve<typeof requests, WorkbenchEvent>(wire, requests, workbench.handlers)
  const page = announceTo(socket, served.announce)
  const leave = workbench.on(page.announce)
  void wire.closed.then(() => {
    leave()
    page.stop()
    served.stop()
  })
}
