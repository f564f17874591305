import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import util from 'node:util'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { ADDON_FILE } from '../../src-main/engine/addon'
import { startEngine } from '../../src-main/engine/backends'
import { engineEnvironment } from '../../src-main/engine/environment'
import { NATIVE_BACKEND, nativeBackend } from '../../src-main/engine/native'
import { readSymbolNames } from '../../src-main/engine/pinned'
import { probe } from '../../src-main/engine/probe'
import { engineStatus } from '../../src-main/engine/status'
import { readDynamicSymbols } from '../../src-main/engine/symbols'
import { expectAsPlain, numbers } from './kernels/on-engine'

const require = createRequire(import.meta.url)

describe('the native engine of this machine', () => {
  beforeAll(async () => {
    // As Node 23 and later are.
    for (const name of ['isArray', 'isNullOrUndefined']) Reflect.deleteProperty(util, name)
    const { installed, problem } = await engineStatus()
    if (!installed)
      throw new Error(
        `these tests need it: run \`steadygrad engine install\` first (${problem?.key ?? 'not installed'})`
      )
  })

  it('starts as the best engine, and says which TensorFlow it is', async () => {
    const { version } = await engineStatus()
    expect(await startEngine('auto')).toMatchObject({ name: 'native-cpu', library: `TensorFlow ${version}` })
    expect(tf.getBackend()).toBe(NATIVE_BACKEND)
  })

  it('loads on a Node that no longer has the two functions which tfjs-node calls', async () => {
    await startEngine('native-cpu')
    const restored = util as unknown as Record<string, (value: unknown) => boolean>
    expect([restored.isArray([]), restored.isArray({})]).toEqual([true, false])
    expect([restored.isNullOrUndefined(null), restored.isNullOrUndefined(0)]).toEqual([true, false])
  })

  it('computes the known numbers', async () => {
    const { folder, version } = await engineStatus()
    expect(await probe(folder)).toEqual({ version, wrong: [], isOnGpu: false })
  })

  it('runs in the tfjs-core that our own code imports', async () => {
    await startEngine('native-cpu')
    const required = require('@tensorflow/tfjs-core') as typeof tf
    expect(required.engine()).toBe(tf.engine())
    expect(required.Tensor).toBe(tf.Tensor)
    expect(tf.ones([2])).toBeInstanceOf(required.Tensor)
    expect(nativeBackend().binding.TF_Version).toMatch(/^\d+\.\d+\.\d+$/)
  })

  it('calls exactly the functions that the symbol list names', async () => {
    const { folder } = await engineStatus()
    const symbols = await readDynamicSymbols(join(folder, ADDON_FILE), ['TF_', 'TFE_'])
    expect([...symbols.undefined].sort()).toEqual((await readSymbolNames()).sort())
  })

  it('has the gradient of ReLU that the plain engine has, and zero at zero', async () => {
    const gradient = tf.grad((x) => tf.relu(x))
    await expectAsPlain('native-cpu', () => [
      gradient(numbers('x', 3, 4, 5), numbers('dy', 3, 4, 5)),
      gradient(tf.tensor1d([-1, 0, 1]), tf.tensor1d([5, 5, 5]))
    ])
  })

  it('leaves no tensor behind when it draws random numbers', async () => {
    await startEngine('native-cpu')
    const { statelessUniform } = await import('../../src-main/engine/kernels/stateless-uniform')
    const seed = tf.tensor1d([1, 2], 'int32')
    const draw = (): void => statelessUniform(seed, [3], 1).dispose()
    draw()
    const before = [tf.memory().numTensors, nativeBackend().getNumOfTFTensors()]
    draw()
    expect([tf.memory().numTensors, nativeBackend().getNumOfTFTensors()]).toEqual(before)
  })
})

describe('engineEnvironment', () => {
  it('forces the thread counts that were given, and else one for each core', () => {
    expect(engineEnvironment(3)).toMatchObject({ TF_NUM_INTRAOP_THREADS: '3', TF_NUM_INTEROP_THREADS: '3' })
    expect(engineEnvironment().TF_NUM_INTRAOP_THREADS).toBe(String(availableParallelism()))
  })
})
