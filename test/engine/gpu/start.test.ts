import { beforeEach, describe, expect, it } from 'vitest'
import { Failure } from '#contract/failure'
import type { GpuStatus } from '#contract/engine'
import { startGpu, type GpuPorts } from '../../../src-main/engine/gpu/start'
import { Unavailable } from '../../../src-main/engine/unavailable'
import { temporaryFolder } from '../../fixtures/folder'

let status: GpuStatus
let probed: string[]
beforeEach(async () => {
  probed = []
  status = {
    installed: true,
    folder: await temporaryFolder(),
    bytes: 1,
    download: 1,
    unpacked: 1,
    driver: true
  }
})

/** A machine whose card works, unless a test says otherwise. */
const ports = (changes: Partial<GpuPorts> = {}): GpuPorts => ({
  status: async () => status,
  driverVersion: async () => '570.86',
  probe: async (libraries) => void probed.push(libraries),
  load: async () => ({ version: '2.21.0', isOnGpu: true }),
  ...changes
})
const causeOf = async (changes: Partial<GpuPorts>): Promise<unknown> => {
  const error: unknown = await startGpu(ports(changes)).catch((thrown: unknown) => thrown)
  return error instanceof Unavailable ? error.reason : error
}

describe('startGpu', () => {
  it('loads the engine after it has computed rightly in a process of its own', async () => {
    expect(await startGpu(ports())).toMatchObject({ library: 'TensorFlow 2.21.0' })
    expect(probed).toEqual([`${status.folder}/tensorflow`])
  })

  it('does not probe a second time with the same driver and card', async () => {
    await startGpu(ports())
    await startGpu(ports())
    expect(probed).toHaveLength(1)
  })

  it('probes again after the driver was changed, and where its version is not known', async () => {
    await startGpu(ports())
    await startGpu(ports({ driverVersion: async () => '580.10' }))
    expect(probed).toHaveLength(2)
    await startGpu(ports({ driverVersion: async () => undefined }))
    await startGpu(ports({ driverVersion: async () => undefined }))
    expect(probed).toHaveLength(4)
  })

  it('does not keep a failure: the next start tries the card again', async () => {
    const failing = ports({
      probe: () => Promise.reject(new Failure('engine.probeWithoutGpu', {}, 'engine'))
    })
    await startGpu(failing).catch(() => undefined)
    await startGpu(ports())
    expect(probed).toHaveLength(1)
  })

  it.each([
    ['there is no build', 'noGpuBuild', { status: async () => undefined }],
    ['it is not installed', 'noGpuEngine', { status: async () => ({ ...status, installed: false }) }],
    ['the driver is gone', 'noGpuDriver', { status: async () => ({ ...status, driver: false }) }],
    ['the card has vanished', 'gpuUnused', { load: async () => ({ version: '1', isOnGpu: false }) }]
  ] satisfies [string, string, Partial<GpuPorts>][])('cannot run where %s', async (_, cause, changes) => {
    expect(await causeOf(changes)).toBe(cause)
  })

  it.each([
    [
      'computes wrongly',
      'gpuFailed',
      new Failure('engine.probeFailed', { problem: 'convolution' }, 'engine')
    ],
    ['ends its process', 'gpuDied', new Failure('engine.probeDied', { signal: 'SIGABRT' }, 'engine')],
    ['gives no answer', 'gpuTimedOut', new Failure('engine.probeTimedOut', { seconds: 9 }, 'engine')],
    ['finds no card', 'gpuUnused', new Failure('engine.probeWithoutGpu', {}, 'engine')]
  ] as const)('cannot run where the engine %s', async (_, cause, failure) => {
    expect(await causeOf({ probe: () => Promise.reject(failure) })).toBe(cause)
  })

  it('lets a bug through', async () => {
    expect(await causeOf({ probe: () => Promise.reject(new TypeError('a bug')) })).toBeInstanceOf(TypeError)
  })
})
