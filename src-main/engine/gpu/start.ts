import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Failure } from '#contract/failure'
import { readJson, writeAtomically } from '../../storage/atomic'
import { nativeThreads } from '../environment'
import { LIBRARIES_OF_GPU } from '../folder'
import { loadNative, nativeBackend } from '../native'
import { gpuStatus } from '../status'
import { Unavailable, type StartOne } from '../unavailable'
import { driverVersion, LOOKED_FOR } from './driver'

/** The file beside the marker that says on what the engine has computed rightly. */
const PROOF_FILE = 'proof.json'

/** What starting on a graphics card asks of the world. */
export interface GpuPorts {
  /** Rejects with a Failure when the engine in a folder does not compute rightly on the card. */
  probe(libraries: string, signal: AbortSignal): Promise<void>
  status?: typeof gpuStatus
  /** The driver's version, where it can be known. */
  driverVersion?(): Promise<string | undefined>
  load?(libraries: string): Promise<{ version: string; isOnGpu: boolean }>
}

/**
 * Starts the engine on a graphics card, after it has computed known numbers there in a process of its own: once for
 * each driver and card, since a driver that does not fit ends its process or computes wrongly.
 */
export async function startGpu(ports: GpuPorts): ReturnType<StartOne> {
  const status = await (ports.status ?? gpuStatus)()
  if (!status) throw new Unavailable('noGpuBuild')
  if (!status.installed) throw new Unavailable('noGpuEngine')
  if (!status.driver) throw new Unavailable('noGpuDriver', { looked: LOOKED_FOR })
  const { folder } = status
  const libraries = join(folder, LIBRARIES_OF_GPU)
  try {
    await prove(folder, libraries, ports)
    const { version, isOnGpu } = await (ports.load ?? load)(libraries)
    // The card may have vanished since it was proven.
    if (!isOnGpu) throw new Unavailable('gpuUnused')
    return { library: `TensorFlow ${version}`, threads: nativeThreads() }
  } catch (error) {
    throw error instanceof Failure ? explain(error) : error
  }
}

/** Probes unless this engine was proven with this driver and this card; a failure is not kept. */
async function prove(folder: string, libraries: string, ports: GpuPorts): Promise<void> {
  const version = await (ports.driverVersion ?? driverVersion)()
  // Where the driver does not tell its version, it may have changed since.
  const proof = version && { driver: version, device: process.env.CUDA_VISIBLE_DEVICES ?? '' }
  const path = join(folder, PROOF_FILE)
  if (proof && isDeepStrictEqual(await readJson(path).catch(() => undefined), proof)) return
  await ports.probe(libraries, new AbortController().signal)
  // A cache that cannot be written costs the next start a probe, not this one its engine.
  if (proof) await writeAtomically(path, JSON.stringify(proof) + '\n').catch(() => undefined)
}

async function load(libraries: string): Promise<{ version: string; isOnGpu: boolean }> {
  const version = await loadNative(libraries)
  return { version, isOnGpu: nativeBackend().isUsingGpuDevice }
}

function explain({ key, values, message }: Failure): Unavailable {
  if (key === 'engine.probeDied') return new Unavailable('gpuDied', values)
  if (key === 'engine.probeTimedOut') return new Unavailable('gpuTimedOut', values)
  if (key === 'engine.probeWithoutGpu') return new Unavailable('gpuUnused')
  return new Unavailable('gpuFailed', { problem: values.problem ?? message })
}
