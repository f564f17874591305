import { Failure } from '#contract/failure'
import type { MessageKey } from '#contract/messages'
import type { Workbench } from '../../application/workbench'
import { languageFrom } from '../node/paths'
import { parseCommand, type Command, type CommandName } from './arguments'
import { compare } from './commands/compare'
import { diagnose } from './commands/diagnose'
import { engine } from './commands/engine'
import { evaluate } from './commands/evaluate'
import { exportModel } from './commands/export'
import { importModel } from './commands/import'
import { inspect } from './commands/inspect'
import { predict } from './commands/predict'
import { presets } from './commands/presets'
import { range } from './commands/range'
import { replay } from './commands/replay'
import { runs } from './commands/runs'
import { schema } from './commands/schema'
import { train } from './commands/train'
import { callDirectly, type Context, type RunCommand } from './context'
import { ExitCode, exitCodeOf } from './exit-codes'
import { createOutput, type Output } from './output'
import type { World } from './world'

const commands: Record<CommandName, RunCommand> = {
  train,
  diagnose,
  range,
  replay,
  compare,
  evaluate,
  predict,
  export: exportModel,
  import: importModel,
  inspect,
  runs,
  presets,
  schema,
  engine
}

const saidWhenInterrupted: MessageKey[] = ['engine.cancelled', 'run.stopIgnored', 'terminal.killed']

/** npm and a terminal both hand on the same Ctrl+C, so it may arrive twice. */
const SAME_KEYPRESS_MS = 500

/** Runs the program once and answers with its exit code; it never throws. */
export async function runTerminal(world: World): Promise<ExitCode> {
  const output = createOutput(world, languageFrom(world.environment), world.arguments.includes('--json'))
  try {
    const command = parseCommand(world.arguments)
    if (command.flags.has('version')) return print(world, world.version)
    if (command.name === undefined) return print(world, output.say('terminal.usage'))
    if (command.flags.has('help')) return print(world, output.say(`terminal.help.${command.name}`))
    return await runCommand(command.name, command, world, output)
  } catch (error) {
    output.error(error)
    return exitCodeOf(error)
  }
}

/** Runs a command; the first wish to end interrupts it with care, the second at once. */
async function runCommand(
  name: CommandName,
  command: Command,
  world: World,
  output: Output
): Promise<ExitCode> {
  let workbench: Workbench | undefined
  const open = (): Workbench => (workbench ??= world.openWorkbench())
  let interruptions = 0
  let lastInterruption = -Infinity
  let giveUp: (error: Error) => void
  const givenUp = new Promise<never>((_, reject) => (giveUp = reject))
  const stopListening = world.onInterrupt(() => {
    const isSameKeypress = world.clock.now() - lastInterruption < SAME_KEYPRESS_MS
    lastInterruption = world.clock.now()
    if (isSameKeypress) return
    interruptions++
    if (interruptions === 1) {
      output.note(output.say('terminal.interrupting'))
      // Closing settles every request that is under way, and the command with them.
      if (workbench) void workbench.close()
      else giveUp(new Failure('terminal.interrupted'))
    } else {
      void workbench?.close(0)
      giveUp(new Failure('terminal.killed'))
    }
  })
  const context: Context = { world, output, call: callDirectly(open), on: (listener) => open().on(listener) }
  try {
    return await Promise.race([commands[name](command, context), givenUp])
  } catch (error) {
    if (interruptions === 0) throw error
    // Whatever else went wrong is what an interruption looks like from inside.
    const isSaid = error instanceof Failure && saidWhenInterrupted.includes(error.key)
    output.error(isSaid ? error : new Failure('terminal.interrupted'))
    return ExitCode.interrupted
  } finally {
    await workbench?.close(interruptions > 1 ? 0 : undefined)
    stopListening()
  }
}

function print(world: World, text: string): ExitCode {
  world.stdout.write(`${text}\n`)
  return ExitCode.done
}
