import { resolve } from 'node:path'
import type { EngineStatus } from '#contract/engine'
import { nearest } from '#contract/nearest'
import { Failure } from '#contract/failure'
import type { Context, RunCommand } from '../context'
import { ExitCode } from '../exit-codes'
import type { Output } from '../output'

/** `engine install [--gpu] [--from PATH] | status | remove [--gpu]`: the native engines on this machine. */
export const engine: RunCommand = async ({ taken: [action], options: { from }, flags }, context) => {
  if (!Object.hasOwn(actions, action)) {
    const closest = nearest(action, Object.keys(actions))
    throw new Failure('terminal.unknownCommand', {
      command: `engine ${action}`,
      nearest: `engine ${closest}`
    })
  }
  if (from !== undefined && action !== 'install')
    throw new Failure('terminal.notWith', { option: '--from', other: `engine ${action}` })
  const gpu = flags.has('gpu')
  if (gpu && action === 'status')
    throw new Failure('terminal.notWith', { option: '--gpu', other: 'engine status' })
  const status = await actions[action](context, { gpu, from })
  tellStatus(context.output, status)
  context.output.json('summary', status)
  return ExitCode.done
}

interface Wanted {
  gpu: boolean
  from: string | undefined
}

const actions: Record<string, (context: Context, wanted: Wanted) => Promise<EngineStatus>> = {
  install: ({ world, output, call, on }, { gpu, from }) => {
    on((event) => {
      if (event.type !== 'engine.progress') return
      const { stage, share, message } = event.progress
      const text = output.say(message.key, message.values)
      output.json('progress', { stage, message, ...(share !== undefined && { share }) })
      if (share === undefined) output.note(text)
      else output.progress({ share, facts: [text] })
    })
    return call('engine.install', {
      ...(gpu && { gpu }),
      ...(from !== undefined && { from: resolve(world.folder, from) })
    })
  },
  status: ({ output, call }) => {
    output.note(output.say('terminal.engine.comparing'))
    return call('engine.status', { verify: true })
  },
  remove: async ({ call }, { gpu }) => {
    await call('engine.remove', { ...(gpu && { gpu }) })
    return call('engine.status', {})
  }
}

function tellStatus({ say, tell }: Output, status: EngineStatus): void {
  const { installed, version, folder, bytes, problem, gpu, best } = status
  if (installed)
    tell(say('terminal.engine.installed', { version, folder, megabytes: Math.round(bytes / 1e6) }))
  else tell(say('terminal.engine.notInstalled', { version }))
  if (problem) tell(say('terminal.engine.problem', { problem: say(problem.key, problem.values) }))
  if (gpu?.installed) {
    const values = { version, folder: gpu.folder, megabytes: Math.round(gpu.bytes / 1e6) }
    tell(say('terminal.engine.gpu.installed', values))
    if (!gpu.driver) tell(say('terminal.engine.gpu.noDriver'))
  } else if (gpu?.driver)
    tell(say('terminal.engine.gpu.possible', { megabytes: Math.round(gpu.download / 1e6) }))
  tell(say('terminal.engine.best', { engine: best }))
}
