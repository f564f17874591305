import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Failure } from '#contract/failure'

/** How the browser shell was asked to start. */
export interface BrowserOptions {
  /** 0 lets the system choose. */
  port: number
  /** Whether to open the user's browser. */
  open: boolean
  /** Absolute folders whose files may be looked through in the page. */
  data: string[]
}

/**
 * Reads the shell's parameters: `--port N`, `--no-open`, and `--data FOLDER` as often as wanted.
 * @throws Failure `shell.unknownOption`, `shell.badPort`, `shell.badData`
 */
export function readOptions(parameters: string[]): BrowserOptions {
  const { tokens } = parseArgs({
    args: parameters,
    options: {
      port: { type: 'string' },
      'no-open': { type: 'boolean' },
      data: { type: 'string', multiple: true }
    },
    strict: false,
    tokens: true
  })
  const options: BrowserOptions = { port: 0, open: true, data: [] }
  for (const token of tokens) {
    if (token.kind === 'option' && token.name === 'no-open' && token.value === undefined) options.open = false
    else if (token.kind === 'option' && token.name === 'port') options.port = readPort(token.value)
    else if (token.kind === 'option' && token.name === 'data') options.data.push(readFolder(token.value))
    else if (token.kind !== 'option-terminator')
      throw new Failure('shell.unknownOption', { option: parameters[token.index] })
  }
  return options
}

function readPort(text: string | undefined): number {
  if (text === undefined || !/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new Failure('shell.badPort', { found: text ?? '' })
  return Number(text)
}

function readFolder(text: string | undefined): string {
  const folder = resolve(text ?? '')
  if (!text || !statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new Failure('shell.badData', { found: text ?? '' })
  return folder
}
