import { existsSync } from 'node:fs'
import { readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { enginePlace } from '../../src-main/engine/folder'
import { installEngine } from '../../src-main/engine/install'
import { engineStatus, MARKER_FILE, removeEngine } from '../../src-main/engine/status'
import { fakeEngine, fakeGpuEngine, type FakeEngine } from './fixtures/fake-wheel'

afterEach(() => void vi.unstubAllEnvs())

const place = () => enginePlace('1.0', 'test-x64', 'gpu')
const judged = ({ pinned }: FakeEngine, driver: string | undefined = '/driver') => ({
  pinned,
  pinnedGpu: pinned,
  platform: 'test-x64',
  findDriver: async () => driver
})

describe('installEngine for graphics cards', () => {
  it('fetches every pinned wheel, and lays their libraries beside each other as the wheels do', async () => {
    const fake = await fakeGpuEngine()
    await installEngine(fake.options())
    expect(fake.ran).toEqual([
      'pip fake-1.0-cp312.whl',
      'pip fake_math-2.0-py3.whl',
      'pip fake_tools-3.0-py3.whl',
      'build'
    ])
    const files = await readdir(place().folder, { recursive: true, withFileTypes: true })
    const names = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name))
    expect(names.map((name) => name.slice(place().folder.length + 1)).sort()).toEqual([
      MARKER_FILE,
      'nvidia/math/lib/libmath.so.12',
      'nvidia/tools/bin/assembler',
      'tensorflow/libone.so.2',
      'tensorflow/libtwo.so.2',
      'tensorflow/tfjs_binding.node'
    ])
  })

  it('lets the programs among them be run', async () => {
    const fake = await fakeGpuEngine()
    await installEngine(fake.options())
    const { mode } = await stat(join(place().folder, 'nvidia/tools/bin/assembler'))
    expect(mode & 0o100).toBe(0o100)
  })

  it('says how much it fetches in how many files before it fetches anything', async () => {
    const fake = await fakeGpuEngine()
    const ranAtSizes: string[][] = []
    const options = fake.options()
    await installEngine({
      ...options,
      report: ({ message }) => {
        if (message.key !== 'engine.install.sizes') return
        expect(message.values).toMatchObject({ files: 3 })
        ranAtSizes.push([...fake.ran])
      }
    })
    expect(ranAtSizes).toEqual([[]])
  })

  it('is refused without a driver, with what was looked for, before anything is fetched', async () => {
    const fake = await fakeGpuEngine()
    await expect(
      installEngine(fake.options({}, { findDriver: async () => undefined }))
    ).rejects.toMatchObject({
      key: 'engine.noDriver',
      kind: 'engine',
      values: { looked: 'nvidia-smi, /proc/driver/nvidia/version, libcuda.so.1' }
    })
    expect(fake.ran).toEqual([])
  })

  it('is refused before the download where the disk is too full', async () => {
    const fake = await fakeGpuEngine()
    await expect(installEngine(fake.options({}, { freeBytes: async () => 999 }))).rejects.toMatchObject({
      key: 'engine.diskSpace'
    })
    expect(fake.ran).toEqual([])
  })

  it('keeps the wheels when the card computes wrongly, and the next try fetches none of them', async () => {
    const fake = await fakeGpuEngine()
    const probe = () => Promise.reject(new Error('wrong numbers'))
    await expect(installEngine(fake.options({ probe }))).rejects.toThrow('wrong numbers')
    expect((await engineStatus(judged(fake))).gpu?.installed).toBe(false)
    fake.ran.length = 0
    await installEngine(fake.options())
    expect(fake.ran).toEqual(['build'])
  })

  it('probes where the libraries lie', async () => {
    const fake = await fakeGpuEngine()
    const seen: boolean[] = []
    const probe = async (libraries: string) => {
      seen.push(existsSync(join(libraries, 'libone.so.2')), existsSync(join(libraries, '..', 'nvidia')))
    }
    await installEngine(fake.options({ probe }))
    expect(seen).toEqual([true, true])
  })

  it('takes all wheels from a folder without pip, and leaves them there', async () => {
    const fake = await fakeGpuEngine()
    await installEngine(fake.options({ from: fake.wheels }))
    expect(fake.ran).toEqual(['build'])
    expect(existsSync(fake.wheel)).toBe(true)
  })

  it('names the wheel that a folder lacks', async () => {
    const fake = await fakeGpuEngine()
    const path = join(fake.wheels, 'fake_tools-3.0-py3.whl')
    await rm(path)
    await expect(installEngine(fake.options({ from: fake.wheels }))).rejects.toMatchObject({
      key: 'engine.wheelMissing',
      values: { path }
    })
  })

  it('names the wheel of the runtime that is another one than was pinned', async () => {
    const fake = await fakeGpuEngine()
    await writeFile(join(fake.wheels, 'fake_math-2.0-py3.whl'), 'something else')
    await expect(installEngine(fake.options())).rejects.toMatchObject({
      key: 'engine.downloadHash',
      values: { file: 'fake_math-2.0-py3.whl' }
    })
  })
})

describe('both engines', () => {
  async function installBoth(): Promise<FakeEngine> {
    const fake = await fakeGpuEngine()
    await installEngine(fake.options())
    await installEngine(fake.options({ build: 'cpu', from: fake.wheel }, { pinned: cpuOf(fake) }))
    return fake
  }
  const cpuOf = ({ pinned }: FakeEngine) => ({ ...pinned, runtime: {} })

  it('lie beside each other, and the state has both with their sizes', async () => {
    const { installed, bytes, gpu } = await engineStatus(judged(await installBoth()))
    expect([installed, gpu?.installed]).toEqual([true, true])
    expect(gpu?.bytes).toBeGreaterThan(bytes)
  })

  it('leave the processor in its place when the one for graphics cards is removed', async () => {
    const fake = await installBoth()
    await removeEngine({ ...judged(fake), build: 'gpu' })
    const { installed, gpu } = await engineStatus(judged(fake))
    expect([installed, gpu?.installed]).toEqual([true, false])
  })

  it('promise a run the graphics card only where there is a driver', async () => {
    const fake = await installBoth()
    const best = async (driver?: string) =>
      (await engineStatus({ ...judged(fake), findDriver: async () => driver })).best
    expect([await best('/driver'), await best()]).toEqual(['native-gpu', 'native-cpu'])
  })
})

describe('engineStatus without a build for graphics cards', () => {
  it('says nothing of one', async () => {
    const { pinned } = await fakeEngine()
    const pinnedGpu = { ...pinned, wheels: {} }
    expect((await engineStatus({ pinned, pinnedGpu, platform: 'test-x64' })).gpu).toBeUndefined()
  })
})
