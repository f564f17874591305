import { mkdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { cacheFolder, enginePlace, projectRoot, thisPlatform } from '../../src-main/engine/folder'
import { readPinned, readSymbolNames, wheelFor } from '../../src-main/engine/pinned'
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

  it('is refused where no folder above is ours', () => {
    expect(() => projectRoot('/')).toThrow('no folder of steadygrad')
  })
})

describe('enginePlace', () => {
  it('lies in STEADYGRAD_CACHE, keyed by version and platform', () => {
    vi.stubEnv('STEADYGRAD_CACHE', '/cache')
    expect(enginePlace('2.21.0').folder).toBe(`/cache/engines/tensorflow-2.21.0-${thisPlatform}`)
  })

  it("lies in the user's own folders otherwise", () => {
    vi.stubEnv('STEADYGRAD_CACHE', '')
    vi.stubEnv('XDG_CACHE_HOME', '')
    expect(cacheFolder().startsWith(homedir())).toBe(true)
  })
})
