import { createHash } from 'node:crypto'
import { mkdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ADDON_FILE } from '../../src-main/engine/addon'
import { startEngine } from '../../src-main/engine/backends'
import { MARKER_FILE, engineStatus } from '../../src-main/engine/status'
import { temporaryFolder } from '../fixtures/folder'

beforeEach(async () => vi.stubEnv('STEADYGRAD_CACHE', await temporaryFolder()))
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

/** An engine that looks whole and whose addon is none. */
async function installBroken(hashes?: Record<string, string>): Promise<void> {
  const { folder, version } = await engineStatus()
  const addon = 'not a library'
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, ADDON_FILE), addon)
  await writeFile(
    join(folder, MARKER_FILE),
    JSON.stringify({ version, files: { [ADDON_FILE]: addon.length }, hashes })
  )
}

describe('startEngine on a machine without a native engine', () => {
  it('runs WebAssembly, with the command that gets the native one', async () => {
    expect(await startEngine('auto')).toMatchObject({
      name: 'wasm',
      threads: 1,
      reason: { key: 'engine.reason.notInstalled' },
      advice: { key: 'engine.advice.notInstalled' }
    })
    expect(tf.getBackend()).toBe('wasm')
  })

  it('refuses native-cpu by name', async () => {
    await expect(startEngine('native-cpu')).rejects.toMatchObject({
      key: 'engine.forced.notInstalled',
      kind: 'engine'
    })
  })
})

describe('startEngine on a machine whose native engine is damaged', () => {
  it('says that a file was cut off, and that installing repairs it', async () => {
    await installBroken()
    const { folder } = await engineStatus()
    await truncate(join(folder, ADDON_FILE), 3)
    expect((await engineStatus()).problem).toEqual({
      key: 'engine.damaged',
      values: { folder, file: ADDON_FILE, found: 3, expected: 13 }
    })
    expect(await startEngine('auto')).toMatchObject({
      name: 'wasm',
      reason: { key: 'engine.reason.damaged' },
      advice: { key: 'engine.advice.damaged' }
    })
    await expect(startEngine('native-cpu')).rejects.toMatchObject({ key: 'engine.forced.damaged' })
  })

  it('says that the list of its files cannot be read', async () => {
    await installBroken()
    const { folder } = await engineStatus()
    await truncate(join(folder, MARKER_FILE), 5)
    expect((await engineStatus()).problem).toEqual({
      key: 'engine.damagedMarker',
      values: { path: join(folder, MARKER_FILE) }
    })
    expect((await startEngine('auto')).reason).toMatchObject({ key: 'engine.reason.damaged' })
  })

  it('says of a file that cannot be loaded because its bytes have changed that it is damaged', async () => {
    await installBroken({ [ADDON_FILE]: createHash('sha256').update('what it was').digest('hex') })
    const { folder } = await engineStatus()
    expect(await startEngine('auto')).toMatchObject({
      name: 'wasm',
      reason: { key: 'engine.reason.damaged' },
      advice: { key: 'engine.advice.damaged' }
    })
    expect((await engineStatus()).problem).toEqual({
      key: 'engine.changed',
      values: { folder, file: ADDON_FILE }
    })
    await expect(startEngine('native-cpu')).rejects.toMatchObject({ key: 'engine.forced.damaged' })
  })

  it('runs WebAssembly and says what the loader said', async () => {
    await installBroken()
    const { name, reason } = await startEngine('auto')
    expect(name).toBe('wasm')
    expect(reason).toMatchObject({
      key: 'engine.reason.nativeBroken',
      values: { problem: expect.stringContaining(ADDON_FILE) as string }
    })
  })
})

describe('startEngine with cpu', () => {
  it('prints no advertisement for another package', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    await startEngine('cpu')
    tf.tensor1d([1]).dispose()
    expect(warn).not.toHaveBeenCalled()
  })
})

describe('startEngine with native-gpu', () => {
  it('is refused where it is not installed, with the command that installs it', async () => {
    await expect(startEngine('native-gpu')).rejects.toMatchObject({ key: 'engine.forced.noGpuEngine' })
  })
})
