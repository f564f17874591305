import { parseArgs, type ParseArgsConfig } from 'node:util'
import { nearest } from '#contract/nearest'
import { Failure } from '#contract/failure'

type Options = NonNullable<ParseArgsConfig['options']>

const flag = { type: 'boolean' } as const
const text = { type: 'string' } as const
const texts = { type: 'string', multiple: true } as const

/**
 * What each command takes: its arguments, of which those with `?` may be left out and one with `…` may be given several
 * times, and its options besides `json` and `help`.
 */
export const commandShapes = {
  train: { takes: ['experiment?'], options: { resume: text, set: texts, out: text, 'more-epochs': text } },
  diagnose: { takes: ['experiment or run'], options: { set: texts } },
  range: { takes: ['experiment'], options: { set: texts, from: text, to: text, steps: text } },
  replay: { takes: ['run'], options: { steps: text } },
  compare: { takes: ['experiments or study…'], options: { seeds: text, out: text } },
  evaluate: { takes: ['run'], options: {} },
  predict: { takes: ['run'], options: { input: text } },
  export: { takes: ['run'], options: { format: text, out: text, overwrite: flag } },
  import: { takes: ['path'], options: { base: text, out: text, overwrite: flag } },
  inspect: { takes: ['path'], options: {} },
  runs: { takes: [], options: {} },
  presets: { takes: [], options: {} },
  schema: { takes: [], options: {} },
  engine: { takes: ['action'], options: { from: text, gpu: flag } }
} as const satisfies Record<string, { takes: readonly string[]; options: Options }>
export type CommandName = keyof typeof commandShapes
export const commandNames = Object.keys(commandShapes) as CommandName[]

const common = { json: flag, help: { ...flag, short: 'h' } } as const

/** One call of the program, taken apart. */
export interface Command {
  /** Absent where only `--help` or `--version` was asked for, or nothing. */
  name: CommandName | undefined
  /** What stands without a dash, in order. */
  taken: string[]
  /** The last value of each option. */
  options: Partial<Record<string, string>>
  /** The values of `--set`, in order. */
  set: string[]
  flags: Set<string>
}

/**
 * Takes the words behind the program's name apart.
 * @throws Failure `terminal.*` for an unknown command or option with the nearest one, and for what is missing or too much.
 */
export function parseCommand(words: string[]): Command {
  const at = words.findIndex((word) => !word.startsWith('-'))
  const name = at < 0 ? undefined : words[at]
  if (name !== undefined && !isCommand(name))
    throw new Failure('terminal.unknownCommand', { command: name, nearest: nearest(name, commandNames) })
  const shape = name === undefined ? { takes: [], options: {} } : commandShapes[name]
  const known: Options = {
    ...common,
    ...(name === undefined && { version: { ...flag, short: 'v' } }),
    ...shape.options
  }
  const rest = words.filter((_, index) => index !== at)
  // Not strict: what is wrong is said in the user's language, and with the nearest name.
  const { tokens } = parseArgs({
    args: rest,
    options: known,
    strict: false,
    allowPositionals: true,
    tokens: true
  })

  const command: Command = { name, taken: [], options: {}, set: [], flags: new Set() }
  for (const token of tokens) {
    if (token.kind === 'positional') command.taken.push(token.value)
    if (token.kind !== 'option') continue
    const option = known[token.name]
    if (option === undefined) throw unknownOption(token.rawName, name, Object.keys(known))
    if (option.type === 'boolean') {
      if (token.value !== undefined) throw new Failure('terminal.noValue', { option: token.rawName })
      command.flags.add(token.name)
    } else {
      const isNextOption = token.value !== undefined && !token.inlineValue && token.value.startsWith('--')
      if (token.value === undefined || token.value === '' || isNextOption)
        throw new Failure('terminal.valueMissing', { option: token.rawName })
      if (token.name === 'set') command.set.push(token.value)
      else command.options[token.name] = token.value
    }
  }
  if (name !== undefined && !command.flags.has('help')) checkTaken(name, shape.takes, command.taken)
  return command
}

/** The value of an option that a command cannot do without. @throws Failure `terminal.optionMissing` */
export function requireOption({ name, options }: Command, option: string): string {
  const value = options[option]
  if (value === undefined)
    throw new Failure('terminal.optionMissing', { command: name ?? '', option: `--${option}` })
  return value
}

const isCommand = (name: string): name is CommandName => Object.hasOwn(commandShapes, name)

function checkTaken(command: CommandName, takes: readonly string[], taken: string[]): void {
  const missing = takes[taken.length]
  if (missing !== undefined && !missing.endsWith('?'))
    throw new Failure('terminal.argumentMissing', { command, argument: missing.replace('…', '') })
  if (taken.length > takes.length && !takes.at(-1)?.endsWith('…'))
    throw new Failure('terminal.argumentTooMany', { command, argument: taken[takes.length] })
}

function unknownOption(option: string, command: CommandName | undefined, known: string[]): Failure {
  const closest = `--${nearest(option.replace(/^-+/, ''), known)}`
  return command === undefined
    ? new Failure('terminal.unknownOption', { option, nearest: closest })
    : new Failure('terminal.unknownOptionOf', { command, option, nearest: closest })
}
