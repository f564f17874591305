import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

/** Says whether somebody sits in front of this machine and could see a browser. */
export function hasDisplay(
  platform: NodeJS.Platform = process.platform,
  environment: Environment = process.env
): boolean {
  if (platform === 'win32') return true
  if (platform === 'darwin') return !environment.SSH_CONNECTION
  return Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY)
}

/** The program that opens a file in the user's browser, with its parameters. */
export function openerOf(file: string, platform: NodeJS.Platform = process.platform): [string, string[]] {
  if (platform === 'darwin') return ['open', [file]]
  // The empty parameter is the title of a window; without it `start` would take the file for one.
  if (platform === 'win32') return ['cmd', ['/c', 'start', '""', file]]
  return ['xdg-open', [file]]
}

/**
 * Opens an address in the user's browser. The address holds the token, and everyone on a machine can read the
 * parameters of its programs: the browser is given a file that only this user can read and that leads on.
 * Answers with how to take the file away again, or undefined when there is no program for it.
 */
export async function openBrowser(address: string): Promise<(() => void) | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'steadygrad-open-'))
  const forget = (): void => rmSync(folder, { recursive: true, force: true })
  const file = join(folder, 'open.html')
  const page = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${address}">`
  await writeFile(file, page, { mode: 0o600 })
  const [program, parameters] = openerOf(file)
  return new Promise((resolve) => {
    const opener = spawn(program, parameters, { stdio: 'ignore', detached: true })
    opener.once('spawn', () => resolve(forget))
    opener.once('error', () => {
      forget()
      resolve(undefined)
    })
    opener.unref()
  })
}
