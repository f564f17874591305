import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { driverVersion, findDriver } from '../../../src-main/engine/gpu/driver'
import { temporaryFolder } from '../../fixtures/folder'

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
  vi.stubEnv('PATH', folder)
})
afterEach(() => void vi.unstubAllEnvs())
const places = () => ({ kernelModule: join(folder, 'version'), libraryFolders: [folder] })

describe('findDriver', () => {
  it('finds nothing on a machine without one', async () => {
    expect(await findDriver(places())).toBeUndefined()
  })

  it.each(['version', 'libcuda.so.1'])('takes %s for a trace of one', async (name) => {
    await writeFile(join(folder, name), 'x')
    expect(await findDriver(places())).toBe(join(folder, name))
  })

  it('takes nvidia-smi on the PATH for a trace of one', async () => {
    await writeFile(join(folder, 'nvidia-smi'), '#!/bin/sh\n')
    await chmod(join(folder, 'nvidia-smi'), 0o755)
    expect(await findDriver(places())).toBe('nvidia-smi')
  })
})

describe('driverVersion', () => {
  it('is the first line that the kernel module tells', async () => {
    await writeFile(join(folder, 'version'), 'NVRM version: 570.86\nGCC version: 12\n')
    expect(await driverVersion(places())).toBe('NVRM version: 570.86')
  })

  it('is unknown where the kernel module tells nothing', async () => {
    expect(await driverVersion(places())).toBeUndefined()
  })
})
