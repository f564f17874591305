import { engineNames, type ActiveEngine, type EngineChoice, type EngineName } from '#contract/engine'
import { Failure } from '#contract/failure'
import { startersWith } from './starters'
import { forcedEngine } from './status'
import { Unavailable, type Cause, type StartOne } from './unavailable'

/** How each engine is started; the default is the real thing, which trusts no graphics card unprobed. */
export interface StartOptions {
  starters?: Record<EngineName, StartOne>
}

const withoutProbe = startersWith(() => Promise.reject(new Failure('engine.probeWithoutGpu', {}, 'engine')))

/**
 * Starts the engine that was asked for in this process and makes tfjs-core use it. `auto` takes the best that
 * starts, and a lesser one than could be expected here carries its reason and what would get a better one. Where the experiment
 * says `auto`, the environment variable `STEADYGRAD_ENGINE` decides.
 * @throws Failure `engine.unknownChoice` (kind `input`); `engine.forced.*` when a forced one cannot run (kind `engine`).
 */
export async function startEngine(wanted: EngineChoice, options: StartOptions = {}): Promise<ActiveEngine> {
  const start = options.starters ?? withoutProbe
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
  const obstacles: Partial<Record<EngineName, Unavailable>> = {}
  for (const name of engineNames) {
    try {
      const engine = { name, ...(await start[name]()) }
      const obstacle = whatKeptBack(name, obstacles)
      return obstacle ? { ...engine, ...explain(obstacle) } : engine
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error
      obstacles[name] = error
    }
  }
  throw new Error('the plain engine always starts')
}

/**
 * Why no better engine runs, as far as a user can act on it: on the processor a graphics card that was set up and does
 * not work, on anything lesser the native engine.
 */
function whatKeptBack(
  name: EngineName,
  obstacles: Partial<Record<EngineName, Unavailable>>
): Unavailable | undefined {
  if (isLesser(name)) return obstacles['native-cpu']
  const gpu = name === 'native-cpu' ? obstacles['native-gpu'] : undefined
  return gpu && isExpected(gpu.reason) ? undefined : gpu
}

/** Most machines have no graphics card that was set up; that is nothing to tell at every start. */
const isExpected = (cause: Cause): boolean => cause === 'noGpuBuild' || cause === 'noGpuEngine'

function explain({ reason, values }: Unavailable): Pick<ActiveEngine, 'reason' | 'advice'> {
  return {
    reason: { key: `engine.reason.${reason}`, values },
    advice: { key: `engine.advice.${reason}`, values }
  }
}

const isLesser = (name: EngineName): boolean => name === 'wasm' || name === 'cpu'
