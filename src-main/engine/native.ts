import { createRequire } from 'node:module'
import { join } from 'node:path'
import util from 'node:util'
import * as tf from '@tensorflow/tfjs-core'
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend'
import type { TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding'
import { Failure } from '#contract/failure'
import { ADDON_FILE } from './addon'
import { registerNativeKernels } from './kernels/native'

/** The name under which tfjs knows the native engine. */
export const NATIVE_BACKEND = 'tensorflow'

const PACKAGE = '@tensorflow/tfjs-node-gpu'
const require = createRequire(import.meta.url)

/**
 * Loads the native engine of a folder into this process, makes it the one that tfjs-core uses and gives the
 * version of TensorFlow. The package's own entry is not used: it looks for the addon in node_modules only.
 * Loading a second time changes nothing. Takes about 0.4 s.
 * @throws Failure `engine.nativeBroken` when the addon cannot be loaded.
 */
export async function loadNative(folder: string): Promise<string> {
  if (tf.findBackend(NATIVE_BACKEND) === null) registerBackend(folder)
  await tf.setBackend(NATIVE_BACKEND)
  return nativeBackend().binding.TF_Version
}

/** The running native engine. @throws Error while another one runs. */
export function nativeBackend(): NodeJSKernelBackend {
  if (tf.getBackend() !== NATIVE_BACKEND) throw new Error('the native engine does not run')
  return tf.backend() as NodeJSKernelBackend
}

function registerBackend(folder: string): void {
  restoreRemovedUtilities()
  const binding = loadAddon(join(folder, ADDON_FILE))
  const { NodeJSKernelBackend: Backend } = require(`${PACKAGE}/dist/nodejs_kernel_backend.js`) as {
    NodeJSKernelBackend: typeof NodeJSKernelBackend
  }
  require(`${PACKAGE}/dist/register_all_kernels.js`)
  tf.registerBackend(NATIVE_BACKEND, () => new Backend(binding, PACKAGE))
  registerNativeKernels(NATIVE_BACKEND)
}

function loadAddon(path: string): TFJSBinding {
  try {
    return require(path) as TFJSBinding
  } catch (error) {
    throw new Failure('engine.nativeBroken', { path, problem: (error as Error).message }, 'engine')
  }
}

/** tfjs-node 4.22 calls two functions that Node 23 removed, and with it Electron 40. */
function restoreRemovedUtilities(): void {
  const removed = util as { isNullOrUndefined?: unknown; isArray?: unknown }
  removed.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined
  removed.isArray ??= Array.isArray
}
