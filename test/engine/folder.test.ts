import { mkdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { cacheFolder, enginePlace, projectRoot, thisPlatform } from '../../src-main/engine/folder'
import { partsFor, readPinned, readSymbolNames, wheelFor } from '../../src-main/engine/pinned'
import { temporaryFolder } from '../fixtures/folder'

afterEach(() => void vi.unstubAllEnvs())

describe('projectRoot', () => {
  it('is found from a chunk of the bundle, past packages that are not ours', async () => {
    const root = await temporaryFolder()
    const chunks = join(root, 'out', 'main', 'chunks')
    await mkdir(chunks, { recursive: true })
    await writeFile(join(root, 'package.json'), '{ "name": "steadygrad" }')
    await writeFile(join(root, 'out', 'package.json'), '{ "name": "another" }')
    expect(projectRoot(chunks)).toBe(root)
  })

  it('holds the pinned version and the symbol list', async () => {
    const pinned = await readPinned(projectRoot())
    expect(wheelFor(pinned, 'linux-x64')).toMatchObject({
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string
    })
    expect(await readSymbolNames()).toContain('TFE_Execute')
  })

  it('pins every wheel of the engine for graphics cards by hash and exact version', async () => {
    const parts = partsFor(await readPinned(projectRoot(), 'gpu'), 'linux-x64')
    expect(parts.length).toBeGreaterThan(1)
    for (const { package: name, version, file, sha256, bytes } of parts) {
      expect(file.startsWith(`${name.replaceAll('-', '_')}-${version}-`)).toBe(true)
      expect(sha256).toMatch(/^[0-9a-f]{64}$/)
      expect(bytes).toBeGreaterThan(1e6)
    }
  })

  it('pins the same TensorFlow for both builds, so that their numbers can be compared', async () => {
    const [cpu, gpu] = [await readPinned(projectRoot()), await readPinned(projectRoot(), 'gpu')]
    expect(gpu.version).toBe(cpu.version)
  })

  it('is refused where no folder above is ours', () => {
    expect(() => projectRoot('/')).toThrow('no folder of steadygrad')
  })
})

describe('enginePlace', () => {
  it('lies in STEADYGRAD_CACHE, keyed by version and platform', () => {
    vi.stubEnv('STEADYGRAD_CACHE', '/cache')
    expect(enginePlace('2.21.0').folder).toBe(`/cache/engines/tensorflow-2.21.0-${thisPlatform}`)
  })

  it('keeps the build for graphics cards in a folder of its own, libraries beside those of NVIDIA', () => {
    vi.stubEnv('STEADYGRAD_CACHE', '/cache')
    const [cpu, gpu] = [enginePlace('2.21.0', 'linux-x64'), enginePlace('2.21.0', 'linux-x64', 'gpu')]
    expect(gpu.folder).toBe('/cache/engines/tensorflow-2.21.0-linux-x64-gpu')
    expect(gpu.libraries).toBe(join(gpu.folder, 'tensorflow'))
    expect(gpu.downloads).not.toBe(cpu.downloads)
    expect(gpu.lock).not.toBe(cpu.lock)
  })

  it("lies in the user's own folders otherwise", () => {
    vi.stubEnv('STEADYGRAD_CACHE', '')
    vi.stubEnv('XDG_CACHE_HOME', '')
    expect(cacheFolder().startsWith(homedir())).toBe(true)
  })
})
