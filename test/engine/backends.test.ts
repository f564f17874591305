import { afterEach, describe, expect, it, vi } from 'vitest'
import { engineNames, type EngineName } from '#contract/engine'
import { say } from '#contract/messages'
import { startEngine } from '../../src-main/engine/backends'
import { Unavailable, type Cause, type StartOne } from '../../src-main/engine/unavailable'

afterEach(() => void vi.unstubAllEnvs())

/** Everything that a sentence about an engine may mention. */
const values = {
  problem: 'broken',
  platform: 'plan9-mips',
  known: 'linux-x64',
  looked: 'nvidia-smi',
  signal: 'SIGILL',
  seconds: 1800
}

/** Starters of which some cannot run, with a list of those that were tried. */
function starters(causes: Partial<Record<EngineName, Cause>>): {
  starters: Record<EngineName, StartOne>
  tried: EngineName[]
} {
  const tried: EngineName[] = []
  const one =
    (name: EngineName): StartOne =>
    async () => {
      tried.push(name)
      const cause = causes[name]
      if (cause) throw new Unavailable(cause, values)
      return { library: name, threads: 1 }
    }
  const table = Object.fromEntries(engineNames.map((name) => [name, one(name)]))
  return { starters: table as Record<EngineName, StartOne>, tried }
}

describe('startEngine with auto', () => {
  it('tries the engines from the best to the plainest and takes the first that starts', async () => {
    const fake = starters({ 'native-gpu': 'noGpuBuild', 'native-cpu': 'notInstalled', wasm: 'wasmBroken' })
    expect((await startEngine('auto', fake)).name).toBe('cpu')
    expect(fake.tried).toEqual(['native-gpu', 'native-cpu', 'wasm', 'cpu'])
  })

  it('has nothing to explain when the native engine runs', async () => {
    const engine = await startEngine('auto', starters({ 'native-gpu': 'noGpuBuild' }))
    expect(engine).toEqual({ name: 'native-cpu', library: 'native-cpu', threads: 1 })
  })

  it.each(['notInstalled', 'noBuild', 'nativeBroken'] as const)(
    'says on wasm why the native engine does not run (%s), and what would get it',
    async (cause) => {
      const fake = starters({ 'native-gpu': 'noGpuBuild', 'native-cpu': cause })
      const engine = await startEngine('auto', fake)
      expect(engine.reason?.key).toBe(`engine.reason.${cause}`)
      expect(engine.advice?.key).toBe(`engine.advice.${cause}`)
    }
  )

  it('names the native engine as the way out even where wasm fails as well', async () => {
    const fake = starters({ 'native-gpu': 'noGpuBuild', 'native-cpu': 'notInstalled', wasm: 'wasmBroken' })
    const engine = await startEngine('auto', fake)
    expect(engine.reason?.key).toBe('engine.reason.notInstalled')
    expect(engine.advice?.key).toBe('engine.advice.notInstalled')
  })

  it('lets a bug through instead of taking it for an engine that cannot run', async () => {
    const fake = starters({})
    fake.starters['native-gpu'] = () => Promise.reject(new TypeError('a bug'))
    await expect(startEngine('auto', fake)).rejects.toThrow('a bug')
  })
})

describe('startEngine with auto where an engine for graphics cards is installed', () => {
  it.each(['noGpuDriver', 'gpuFailed', 'gpuDied', 'gpuTimedOut', 'gpuUnused'] as const)(
    'falls back to the processor and says why (%s), and what it costs',
    async (cause) => {
      const { name, reason, advice } = await startEngine('auto', starters({ 'native-gpu': cause }))
      expect({ name, reason: reason?.key, advice: advice?.key }).toEqual({
        name: 'native-cpu',
        reason: `engine.reason.${cause}`,
        advice: `engine.advice.${cause}`
      })
      expect(say('en', `engine.advice.${cause}`)).toContain('on the processor')
    }
  )

  it('takes the graphics card where it works, and has nothing to explain', async () => {
    expect(await startEngine('auto', starters({}))).toEqual({
      name: 'native-gpu',
      library: 'native-gpu',
      threads: 1
    })
  })

  it('names the native engine as the way out where only WebAssembly is left', async () => {
    const fake = starters({ 'native-gpu': 'gpuFailed', 'native-cpu': 'notInstalled' })
    expect((await startEngine('auto', fake)).reason?.key).toBe('engine.reason.notInstalled')
  })
})

describe('startEngine with a certain engine', () => {
  it('tries no other one', async () => {
    const fake = starters({})
    expect((await startEngine('wasm', fake)).name).toBe('wasm')
    expect(fake.tried).toEqual(['wasm'])
  })

  it('says that a lesser one was chosen', async () => {
    expect((await startEngine('wasm', starters({}))).reason?.key).toBe('engine.reason.chosen')
  })

  it.each([
    ['native-gpu', 'noGpuBuild'],
    ['native-gpu', 'noGpuEngine'],
    ['native-gpu', 'noGpuDriver'],
    ['native-gpu', 'gpuFailed'],
    ['native-gpu', 'gpuDied'],
    ['native-gpu', 'gpuTimedOut'],
    ['native-gpu', 'gpuUnused'],
    ['native-cpu', 'otherNative'],
    ['native-cpu', 'notInstalled'],
    ['native-cpu', 'noBuild'],
    ['native-cpu', 'nativeBroken'],
    ['wasm', 'wasmBroken']
  ] as const)('refuses %s that cannot run (%s) with why and the way out', async (name, cause) => {
    const failure = await startEngine(name, starters({ [name]: cause })).catch((error: unknown) => error)
    expect(failure).toMatchObject({ key: `engine.forced.${cause}`, kind: 'engine', values: { engine: name } })
    expect((failure as Error).message).not.toMatch(/[{}]/)
  })
})

describe('STEADYGRAD_ENGINE', () => {
  it('decides where the experiment says auto', async () => {
    vi.stubEnv('STEADYGRAD_ENGINE', 'cpu')
    expect((await startEngine('auto', starters({}))).name).toBe('cpu')
  })

  it('does not overrule an experiment that names its engine', async () => {
    vi.stubEnv('STEADYGRAD_ENGINE', 'cpu')
    expect((await startEngine('wasm', starters({}))).name).toBe('wasm')
  })

  it('is refused when it names no engine, with those there are', async () => {
    vi.stubEnv('STEADYGRAD_ENGINE', 'gpu')
    await expect(startEngine('auto', starters({}))).rejects.toMatchObject({
      key: 'engine.unknownChoice',
      kind: 'input',
      values: { value: 'gpu', known: 'auto, native-gpu, native-cpu, wasm, cpu' }
    })
  })
})
