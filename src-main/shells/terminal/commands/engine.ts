import { resolve } from 'node:path'
import type { EngineStatus } from '#contract/engine'
import { nearest } from '#contract/nearest'
import { Failure } from '#contract/failure'
import type { Context, RunCommand } from '../context'
import { ExitCode } from '../exit-codes'
import type { Output } from '../output'

/** `engine install [--from WHEEL] | status | remove`: the native engine on this machine. */
export const engine: RunCommand = async ({ taken: [action], options: { from } }, context) => {
  if (!Object.hasOwn(actions, action)) {
    const closest = nearest(action, Object.keys(actions))
    throw new Failure('terminal.unknownCommand', {
      command: `engine ${action}`,
      nearest: `engine ${closest}`
    })
  }
  if (from !== undefined && action !== 'install')
    throw new Failure('terminal.notWith', { option: '--from', other: `engine ${action}` })
  const status = await actions[action](context, from)
  tellStatus(context.output, status)
  context.output.json('summary', status)
  return ExitCode.done
}

const actions: Record<string, (context: Context, from: string | undefined) => Promise<EngineStatus>> = {
  install: ({ world, output, call, on }, from) => {
    on((event) => {
      if (event.type !== 'engine.progress') return
      const { stage, share, message } = event.progress
      const text = output.say(message.key, message.values)
      output.json('progress', { stage, message, ...(share !== undefined && { share }) })
      if (share === undefined) output.note(text)
      else output.progress({ share, facts: [text] })
    })
    return call('engine.install', { ...(from !== undefined && { from: resolve(world.folder, from) }) })
  },
  status: ({ call }) => call('engine.status', {}),
  remove: async ({ call }) => {
    await call('engine.remove', {})
    return call('engine.status', {})
  }
}

function tellStatus({ say, tell }: Output, status: EngineStatus): void {
  const { installed, version, folder, bytes, problem, best } = status
  if (installed)
    tell(say('terminal.engine.installed', { version, folder, megabytes: Math.round(bytes / 1e6) }))
  else tell(say('terminal.engine.notInstalled', { version }))
  if (problem) tell(say('terminal.engine.problem', { problem: say(problem.key, problem.values) }))
  tell(say('terminal.engine.best', { engine: best }))
}
