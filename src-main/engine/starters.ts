import { createRequire } from 'node:module'
import { dirname, sep } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
// tfjs-core alone knows no gradients; loading the layers registers them, for every engine alike.
import '@tensorflow/tfjs-layers'
import type { EngineName } from '#contract/engine'
import { Failure } from '#contract/failure'
import type { Message } from '#contract/messages'
import { nativeThreads } from './environment'
import { startGpu, type GpuPorts } from './gpu/start'
import { findDamage } from './integrity'
import { registerPortableKernels } from './kernels/portable'
import { registerWasmKernels, WASM_BACKEND } from './kernels/wasm/register'
import { loadNative, nativeBackend } from './native'
import { engineStatus } from './status'
import { Unavailable, type StartOne } from './unavailable'

const CPU_BACKEND = 'cpu'
const require = createRequire(import.meta.url)

/**
 * How each engine is started in this process. Starting one again only makes it the one in use. `probeGpu` tries the
 * engine of a folder on the graphics card in a process apart, and rejects with a Failure.
 */
export const startersWith = (probeGpu: GpuPorts['probe']): Record<EngineName, StartOne> => ({
  'native-gpu': () => startGpu({ probe: probeGpu }),
  'native-cpu': startNative,
  wasm: startWasm,
  cpu: startCpu
})

async function startNative(): ReturnType<StartOne> {
  const { installed, folder, problem } = await engineStatus()
  if (!installed) {
    const isImpossible = problem?.key === 'engine.platformUnsupported'
    if (problem && isDamage(problem)) throw new Unavailable('damaged', problem.values)
    throw isImpossible ? new Unavailable('noBuild', problem.values) : new Unavailable('notInstalled')
  }
  try {
    const version = await loadNative(folder)
    // A process holds one build of TensorFlow; what computes on a graphics card must not pass for the processor.
    if (nativeBackend().isUsingGpuDevice) throw new Unavailable('otherNative')
    return { library: `TensorFlow ${version}`, threads: nativeThreads() }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const damage = await findDamage()
    throw damage ? new Unavailable('damaged', damage.values) : new Unavailable('nativeBroken', error.values)
  }
}

const isDamage = ({ key }: Message): boolean =>
  key === 'engine.damaged' || key === 'engine.damagedMarker' || key === 'engine.changed'

let isWasmReady = false

async function startWasm(): ReturnType<StartOne> {
  try {
    const wasm = await import('@tensorflow/tfjs-backend-wasm')
    if (!isWasmReady) {
      const program = require.resolve('@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm')
      wasm.setWasmPaths(dirname(program) + sep)
    }
    if (!(await tf.setBackend(WASM_BACKEND))) throw new Error('it did not start')
    // Only now: the kernels that come with the package are set up when it starts, and ours call some of them.
    if (!isWasmReady) registerWasmKernels()
    isWasmReady = true
    // In Node the package has vector instructions but no threads.
    return { library: `tfjs-backend-wasm ${wasm.version_wasm}`, threads: 1 }
  } catch (error) {
    throw new Unavailable('wasmBroken', { problem: (error as Error).message })
  }
}

async function startCpu(): ReturnType<StartOne> {
  const cpu = await import('@tensorflow/tfjs-backend-cpu')
  await tf.setBackend(CPU_BACKEND)
  // It would otherwise greet the user at its first tensor with an advertisement for tfjs-node.
  const backend = tf.backend() as tf.KernelBackend & { firstUse: boolean }
  backend.firstUse = false
  registerPortableKernels(CPU_BACKEND)
  return { library: `tfjs-backend-cpu ${cpu.version_cpu}`, threads: 1 }
}
