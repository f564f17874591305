import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { cacheFolder, enginePlace } from '../../src-main/engine/folder'
import { installEngine } from '../../src-main/engine/install'
import { findDamage } from '../../src-main/engine/integrity'
import { engineStatus, MARKER_FILE, removeEngine } from '../../src-main/engine/status'
import { fakeEngine, fakeRun, type FakeEngine } from './fixtures/fake-wheel'

afterEach(() => void vi.unstubAllEnvs())

const status = (fake: FakeEngine) => engineStatus({ pinned: fake.pinned, platform: 'test-x64' })
const place = () => enginePlace('1.0', 'test-x64')
const leftovers = async (): Promise<string[]> =>
  existsSync(cacheFolder()) ? (await readdir(place().engines)).concat(await downloads()) : []
const downloads = async (): Promise<string[]> =>
  existsSync(place().downloads) ? readdir(place().downloads) : []

describe('engineStatus', () => {
  it('says of an empty cache that nothing is installed and that a run would get wasm', async () => {
    const fake = await fakeEngine()
    expect(await status(fake)).toMatchObject({ installed: false, version: '1.0', bytes: 0, best: 'wasm' })
  })

  it('names the platform when there is no build for it', async () => {
    const fake = await fakeEngine()
    const { problem } = await engineStatus({ pinned: fake.pinned, platform: 'plan9-mips' })
    expect(problem).toEqual({
      key: 'engine.platformUnsupported',
      values: { platform: 'plan9-mips', known: 'test-x64' }
    })
  })

  it('says which compilers were looked for when there is none', async () => {
    const fake = await fakeEngine()
    vi.stubEnv('PATH', '')
    expect((await status(fake)).problem?.key).toBe('engine.noCompiler')
  })

  it('does not count an engine as installed when one of its files has another size', async () => {
    const fake = await fakeEngine()
    const { folder } = await installEngine(fake.options())
    await writeFile(join(folder, 'libone.so.2'), 'cut')
    expect((await status(fake)).installed).toBe(false)
  })

  it('says which file has other bytes of the same number once they were compared, and installing repairs it', async () => {
    const fake = await fakeEngine()
    const { folder } = await installEngine(fake.options())
    const compare = () => findDamage({ pinned: fake.pinned, pinnedGpu: fake.pinned, platform: 'test-x64' })
    expect(await compare()).toBeUndefined()
    const library = join(folder, 'libtwo.so.2')
    const bytes = await readFile(library)
    bytes[bytes.length - 1] ^= 1
    await writeFile(library, bytes)
    expect((await status(fake)).installed).toBe(true)

    const problem = { key: 'engine.changed', values: { folder, file: 'libtwo.so.2' } }
    expect(await compare()).toEqual(problem)
    expect(await status(fake)).toMatchObject({ installed: false, problem, best: 'wasm' })
    expect(await compare()).toEqual(problem)

    expect((await installEngine(fake.options())).installed).toBe(true)
    expect(await compare()).toBeUndefined()
  })

  it('says nothing of an engine whose hashes were not kept', async () => {
    const fake = await fakeEngine()
    const { folder } = await installEngine(fake.options())
    const marker = join(folder, MARKER_FILE)
    const { hashes, ...older } = JSON.parse(await readFile(marker, 'utf8')) as Record<string, object>
    expect(Object.keys(hashes).sort()).toEqual(['libone.so.2', 'libtwo.so.2', 'tfjs_binding.node'])
    await writeFile(marker, JSON.stringify(older))
    expect(
      await findDamage({ pinned: fake.pinned, pinnedGpu: fake.pinned, platform: 'test-x64' })
    ).toBeUndefined()
  })

  it('does not count an engine as installed without the marker that is written last', async () => {
    const fake = await fakeEngine()
    const { folder } = await installEngine(fake.options())
    await rm(join(folder, MARKER_FILE))
    expect((await status(fake)).installed).toBe(false)
  })
})

describe('installEngine', () => {
  it('leaves the libraries, the addon and the marker, and nothing else', async () => {
    const fake = await fakeEngine()
    const { installed, folder, best } = await installEngine(fake.options())
    expect({ installed, best }).toEqual({ installed: true, best: 'native-cpu' })
    expect((await readdir(folder)).sort()).toEqual(
      [MARKER_FILE, 'libone.so.2', 'libtwo.so.2', 'tfjs_binding.node'].sort()
    )
    expect(await leftovers()).toEqual(['tensorflow-1.0-test-x64'])
  })

  it('says the sizes before anything is fetched, and passes through the stages in order', async () => {
    const fake = await fakeEngine()
    const ranAtSizes: string[][] = []
    const options = fake.options()
    await installEngine({
      ...options,
      report: (progress) => {
        if (progress.message.key === 'engine.install.sizes') ranAtSizes.push([...fake.ran])
        options.report(progress)
      }
    })
    expect(ranAtSizes).toEqual([[]])
    const stages = fake.reports.map(({ stage }) => stage)
    expect([...new Set(stages)]).toEqual(['check', 'download', 'unpack', 'build', 'probe', 'done'])
  })

  it('asks the probe about the folder before it counts as installed', async () => {
    const fake = await fakeEngine()
    const seen: boolean[] = []
    await installEngine(
      fake.options({
        probe: async (folder) => {
          seen.push(existsSync(join(folder, 'tfjs_binding.node')), (await status(fake)).installed)
        }
      })
    )
    expect(seen).toEqual([true, false])
  })

  it('leaves no engine when the probe fails, and keeps the download', async () => {
    const fake = await fakeEngine()
    const probe = () => Promise.reject(new Error('wrong numbers'))
    await expect(installEngine(fake.options({ probe }))).rejects.toThrow('wrong numbers')
    expect(await leftovers()).toEqual(['fake-1.0-cp312.whl'])
  })

  it('does nothing when the engine is there already', async () => {
    const fake = await fakeEngine()
    await installEngine(fake.options())
    fake.ran.length = 0
    await installEngine(fake.options())
    expect(fake.ran).toEqual([])
  })

  it('refuses a fetched file whose hash is not the pinned one', async () => {
    const fake = await fakeEngine()
    const other = join(dirname(fake.wheel), 'other')
    await writeFile(other, 'something else')
    await expect(installEngine(fake.options({}, { run: fakeRun(other, []) }))).rejects.toMatchObject({
      key: 'engine.downloadHash',
      kind: 'engine'
    })
    expect(await leftovers()).toEqual([])
  })

  it("passes on pip's own sentence when it cannot fetch", async () => {
    const fake = await fakeEngine()
    const run = async (_program: string, parameters: string[]) =>
      parameters.includes('download')
        ? { code: 1, output: 'Looking up\nERROR: No matching distribution found for fake\nnotice: x' }
        : { code: 0, output: '' }
    await expect(installEngine(fake.options({}, { run }))).rejects.toMatchObject({
      key: 'engine.downloadFailed',
      values: { problem: 'No matching distribution found for fake' }
    })
  })

  it('says which hash pip found when pip refuses the file', async () => {
    const fake = await fakeEngine()
    const found = 'b'.repeat(64)
    const output = `ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.
    fake==1.0 from https://example.org:
        Expected sha256 ${'a'.repeat(64)}
             Got        ${found}`
    const run = async (_program: string, parameters: string[]) => ({
      code: parameters.includes('download') ? 1 : 0,
      output
    })
    await expect(installEngine(fake.options({}, { run }))).rejects.toMatchObject({
      key: 'engine.downloadHash',
      values: { found }
    })
  })

  it('says that pip is missing when no way to call it works', async () => {
    const fake = await fakeEngine()
    const run = async () => ({ code: 127, output: '' })
    await expect(installEngine(fake.options({}, { run }))).rejects.toMatchObject({ key: 'engine.noPip' })
  })

  it("passes on the compiler's error", async () => {
    const fake = await fakeEngine()
    const works = fakeRun(fake.wheel, [])
    const run: typeof works = async (program, parameters, options) =>
      parameters.includes('-o')
        ? { code: 1, output: 'In file included from x:\nc_api.h:3: error: no such type\n1 error' }
        : works(program, parameters, options)
    await expect(installEngine(fake.options({}, { run }))).rejects.toMatchObject({
      key: 'engine.buildFailed',
      values: { problem: 'c_api.h:3: error: no such type' }
    })
  })

  it('refuses before the download when the disk is too full', async () => {
    const fake = await fakeEngine()
    await expect(installEngine(fake.options({}, { freeBytes: async () => 999 }))).rejects.toMatchObject({
      key: 'engine.diskSpace'
    })
    expect(fake.ran).toEqual([])
  })

  it('says of a cache folder that cannot be made where it should have been', async () => {
    const fake = await fakeEngine()
    vi.stubEnv('STEADYGRAD_CACHE', fake.wheel)
    await expect(installEngine(fake.options())).rejects.toMatchObject({
      key: 'storage.notWritable',
      values: { path: expect.stringContaining(fake.wheel) as string }
    })
  })

  it('refuses a platform that has no pinned build, by its name', async () => {
    const fake = await fakeEngine()
    await expect(installEngine(fake.options({}, { platform: 'plan9-mips' }))).rejects.toMatchObject({
      key: 'engine.platformUnsupported',
      values: { platform: 'plan9-mips' }
    })
  })

  it('refuses libraries that lack a function the addon calls', async () => {
    const fake = await fakeEngine()
    await expect(installEngine(fake.options({}, { symbols: ['TF_Three'] }))).rejects.toMatchObject({
      key: 'engine.symbolsMissing',
      values: { names: 'TF_Three' }
    })
    expect(fake.ran).toEqual(['pip'])
  })
})

describe('installEngine from a file', () => {
  it('needs no pip, and leaves the file where it is', async () => {
    const fake = await fakeEngine()
    await installEngine(fake.options({ from: fake.wheel }))
    expect(fake.ran).toEqual(['build'])
    expect(existsSync(fake.wheel)).toBe(true)
  })

  it('refuses another file with its name, the expected hash and the one found', async () => {
    const fake = await fakeEngine()
    const from = join(dirname(fake.wheel), 'other.whl')
    await writeFile(from, 'something else')
    await expect(installEngine(fake.options({ from }))).rejects.toMatchObject({
      key: 'engine.wheelHash',
      kind: 'input',
      values: {
        path: from,
        expected: fake.pinned.wheels['test-x64']?.sha256,
        found: expect.stringMatching(/^[0-9a-f]{64}$/) as string
      }
    })
    expect(await leftovers()).toEqual([])
  })

  it('refuses a path where there is no file', async () => {
    const fake = await fakeEngine()
    await expect(installEngine(fake.options({ from: '/no/such.whl' }))).rejects.toMatchObject({
      key: 'engine.wheelMissing',
      kind: 'input'
    })
  })
})

describe('an interrupted installation', () => {
  it('that is cancelled while pip runs leaves nothing', async () => {
    const fake = await fakeEngine()
    const controller = new AbortController()
    const run = async (_program: string, parameters: string[]) => {
      if (parameters.includes('download')) controller.abort()
      return { code: 0, output: '' }
    }
    const installing = installEngine(fake.options({ signal: controller.signal }, { run }))
    await expect(installing).rejects.toMatchObject({ key: 'engine.cancelled' })
    expect(await leftovers()).toEqual([])
  })

  it('that is cancelled while it unpacks goes on from its download, without pip', async () => {
    const fake = await fakeEngine()
    const controller = new AbortController()
    const options = fake.options({ signal: controller.signal })
    const report: typeof options.report = ({ stage }) => stage === 'unpack' && controller.abort()
    await expect(installEngine({ ...options, report })).rejects.toMatchObject({ key: 'engine.cancelled' })
    expect(await leftovers()).toEqual(['fake-1.0-cp312.whl'])
    await installEngine(fake.options())
    expect(fake.ran).toEqual(['pip', 'build'])
  })

  it('fetches again when what was kept is damaged', async () => {
    const fake = await fakeEngine()
    await mkdir(place().downloads, { recursive: true })
    await writeFile(join(place().downloads, 'fake-1.0-cp312.whl'), 'half')
    await installEngine(fake.options())
    expect(fake.ran).toEqual(['pip', 'build'])
  })

  it('that was killed leaves a folder which the next one sweeps away', async () => {
    const fake = await fakeEngine()
    // No process has this id: Linux gives 4,194,304 at most.
    await mkdir(join(place().engines, '.tensorflow-1.0-test-x64.tmp-4194305-abcd'), { recursive: true })
    await installEngine(fake.options())
    expect(await leftovers()).toEqual(['tensorflow-1.0-test-x64'])
  })
})

describe('two installations at once', () => {
  it('do the work once: the second says that it waits, and then finds the engine', async () => {
    const fake = await fakeEngine()
    const waiting = signalOnce()
    const secondReports: string[] = []
    let second: Promise<unknown> | undefined
    const probe = async () => {
      second = installEngine(
        fake.options({
          report: ({ message }) => {
            secondReports.push(message.key)
            if (message.key === 'engine.install.waiting') waiting.give()
          }
        })
      )
      await waiting.promise
    }
    await installEngine(fake.options({ probe }))
    expect(await second).toMatchObject({ installed: true })
    expect(fake.ran).toEqual(['pip', 'build'])
    expect(secondReports).toEqual([
      'engine.install.checking',
      'engine.install.waiting',
      'engine.install.done'
    ])
  })

  it('let the one that waits be cancelled', async () => {
    const fake = await fakeEngine()
    const controller = new AbortController()
    const probe = async () => {
      const second = installEngine(
        fake.options({
          signal: controller.signal,
          report: ({ message }) => message.key === 'engine.install.waiting' && controller.abort()
        })
      )
      await expect(second).rejects.toMatchObject({ key: 'engine.cancelled' })
    }
    expect(await installEngine(fake.options({ probe }))).toMatchObject({ installed: true })
  })
})

describe('removeEngine', () => {
  it('leaves neither the engine nor a download', async () => {
    const fake = await fakeEngine()
    await installEngine(fake.options())
    await removeEngine({ pinned: fake.pinned, platform: 'test-x64' })
    expect((await status(fake)).installed).toBe(false)
    expect(await leftovers()).toEqual([])
  })

  it('does nothing to a cache that does not exist', async () => {
    const fake = await fakeEngine()
    await removeEngine({ pinned: fake.pinned, platform: 'test-x64' })
    expect(existsSync(cacheFolder())).toBe(false)
  })
})

function signalOnce(): { promise: Promise<void>; give: () => void } {
  let give = (): void => {}
  const promise = new Promise<void>((resolve) => (give = resolve))
  return { promise, give }
}
