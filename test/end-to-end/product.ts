import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export const ROOT = resolve(import.meta.dirname, '../..')
export const preset = (name: string): string => join(ROOT, 'resources/presets', `${name}.json`)
const MAIN = join(ROOT, 'out/main')

/** A library of its own for a test, with what a user's environment would hold. */
export interface Home {
  folder: string
  environment: NodeJS.ProcessEnv
  remove(): void
}

export function makeHome(): Home {
  if (!existsSync(join(MAIN, 'cli.js'))) throw new Error('there is no build: run `npm run build` first')
  const folder = mkdtempSync(join(tmpdir(), 'steadygrad-home-'))
  return {
    folder,
    environment: { ...process.env, STEADYGRAD_HOME: folder, STEADYGRAD_LANGUAGE: 'en' },
    remove: () => rmSync(folder, { recursive: true, force: true })
  }
}

/** What a command line left behind. */
export interface Outcome {
  code: number | null
  signal: string | null
  out: string
  errors: string
  /** The lines of standard output as JSON, where they are. */
  lines: Record<string, never>[]
}

/** Runs `steadygrad …` to its end; `watch` sees every complete line of standard output as it comes. */
export async function steadygrad(
  { environment }: Home,
  parameters: string[],
  watch: (line: string, child: ChildProcess) => void = () => {},
  extra: NodeJS.ProcessEnv = {}
): Promise<Outcome> {
  const child = spawn(process.execPath, [join(MAIN, 'cli.js'), ...parameters], {
    env: { ...environment, ...extra },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  return collect(child, watch)
}

/** Gathers what a process says until it ends. */
export function collect(
  child: ChildProcess,
  watch: (line: string, child: ChildProcess) => void
): Promise<Outcome> {
  let out = ''
  let errors = ''
  let seen = 0
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text
    for (let end = out.indexOf('\n', seen); end >= 0; end = out.indexOf('\n', seen)) {
      watch(out.slice(seen, end), child)
      seen = end + 1
    }
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text))
  return new Promise((settle) =>
    child.once('close', (code, signal) => {
      const lines = out
        .split('\n')
        .filter((line) => line.startsWith('{"'))
        .map((line) => JSON.parse(line) as Record<string, never>)
      settle({ code, signal, out, errors, lines })
    })
  )
}

/** The browser shell, running. */
export interface Server {
  address: string
  child: ChildProcess
  /** Ends it as Ctrl+C does; answers with the exit code. */
  close(): Promise<number | null>
}

export async function startServer({ environment }: Home, parameters: string[] = []): Promise<Server> {
  const child = spawn(process.execPath, [join(MAIN, 'server.js'), '--no-open', ...parameters], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const address = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${said}`)))
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const found = /http:\/\/\S+/.exec(said)
      if (found) resolve(found[0])
    })
  })
  return {
    address,
    child,
    close: () =>
      new Promise((settle) => {
        child.once('exit', settle)
        child.kill('SIGINT')
      })
  }
}
