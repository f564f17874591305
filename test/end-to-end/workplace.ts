import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { launchBrowser } from './browser'
import { makeHome, preset, startServer, steadygrad, type Home, type Server } from './product'
import { visit, type Visit, type VisitOptions } from './visit'

/** Where the tests of a file work: one browser, and for each test a library of its own with a server in it. */
export interface Workplace {
  readonly home: Home
  visit(options?: VisitOptions): Promise<Visit>
  /** Ends the server as Ctrl+C does; answers with the exit code. */
  stopServer(): Promise<number | null>
  /** Starts a server in the same library once the last one is over. */
  startServer(): Promise<void>
  /** Trains the small network from the command line, so that a run is there. */
  trainDigits(...parameters: string[]): Promise<void>
}

/** Sets up the tests of the file that calls it, and cleans up behind them. `parametersOf` are those of the server. */
export function useWorkplace(parametersOf: () => string[] = () => []): Workplace {
  let browser: Browser
  let home: Home
  let server: Server
  const start = async (): Promise<void> => {
    server = await startServer(home, parametersOf())
  }
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser.close())
  beforeEach(() => {
    home = makeHome()
    return start()
  })
  afterEach(async () => {
    await server.close()
    home.remove()
  })
  return {
    get home() {
      return home
    },
    visit: (options) => visit(browser, server.address, options),
    stopServer: () => server.close(),
    startServer: start,
    async trainDigits(...parameters) {
      const { code } = await steadygrad(home, ['train', preset('digits-mlp'), ...parameters])
      expect(code).toBe(0)
    }
  }
}
