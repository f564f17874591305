import { engineNames, type ActiveEngine, type EngineChoice, type EngineName } from '#contract/engine'
import { Failure } from '#contract/failure'
import { starters } from './starters'
import { forcedEngine } from './status'
import { Unavailable, type StartOne } from './unavailable'

/** How each engine is started; the default is the real thing. */
export interface StartOptions {
  starters?: Record<EngineName, StartOne>
}

/**
 * Starts the engine that was asked for in this process and makes tfjs-core use it. `auto` takes the best that
 * starts, and a lesser one than native carries its reason and what would get a better one. Where the experiment
 * says `auto`, the environment variable `STEADYGRAD_ENGINE` decides.
 * @throws Failure `engine.unknownChoice` (kind `input`); `engine.forced.*` when a forced one cannot run (kind `engine`).
 */
export async function startEngine(wanted: EngineChoice, options: StartOptions = {}): Promise<ActiveEngine> {
  const start = options.starters ?? starters
  const forced = wanted === 'auto' ? forcedEngine() : wanted
  return forced ? startForced(forced, start[forced]) : startBest(start)
}

async function startForced(name: EngineName, start: StartOne): Promise<ActiveEngine> {
  try {
    const engine = { name, ...(await start()) }
    if (!isLesser(name)) return engine
    return {
      ...engine,
      reason: { key: 'engine.reason.chosen' },
      advice: { key: 'engine.advice.chosen' }
    }
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    throw new Failure(`engine.forced.${error.reason}`, { ...error.values, engine: name }, 'engine')
  }
}

async function startBest(start: Record<EngineName, StartOne>): Promise<ActiveEngine> {
  let obstacle: Unavailable | undefined
  for (const name of engineNames) {
    try {
      const engine = { name, ...(await start[name]()) }
      return isLesser(name) && obstacle ? { ...engine, ...explain(obstacle) } : engine
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error
      // What kept the native engine from running is what a user can act on; there is no other way to a GPU yet.
      if (obstacle === undefined || obstacle.reason === 'noGpuBuild') obstacle = error
    }
  }
  throw new Error('the plain engine always starts')
}

function explain({ reason, values }: Unavailable): Pick<ActiveEngine, 'reason' | 'advice'> {
  return {
    reason: { key: `engine.reason.${reason}`, values },
    advice: { key: `engine.advice.${reason}`, values }
  }
}

const isLesser = (name: EngineName): boolean => name === 'wasm' || name === 'cpu'
