import { describe, expect, it } from 'vitest'
import { gpuEnvironment } from '../../../src-main/engine/gpu/environment'

const choice = { gpu: 2, gpuMemory: 0 }
const of = (given: Partial<Record<string, string>>, wanted = choice) =>
  gpuEnvironment(wanted, '/engine', given)

describe('gpuEnvironment', () => {
  it('shows exactly the chosen card, counted as nvidia-smi does', () => {
    expect(of({})).toMatchObject({ CUDA_VISIBLE_DEVICES: '2', CUDA_DEVICE_ORDER: 'PCI_BUS_ID' })
  })

  it('lets CUDA_VISIBLE_DEVICES decide where it is set, and shows one of several cards', () => {
    expect(of({ CUDA_VISIBLE_DEVICES: '5, 6' }).CUDA_VISIBLE_DEVICES).toBe('5')
    expect(of({ CUDA_VISIBLE_DEVICES: '' }).CUDA_VISIBLE_DEVICES).toBe('')
  })

  it('takes memory as it is needed, and limits it only where a limit is wished', () => {
    expect(of({}).TF_FORCE_GPU_ALLOW_GROWTH).toBe('true')
    expect(of({})).not.toHaveProperty('TF_PER_DEVICE_MEMORY_LIMIT_MB')
    expect(of({}, { ...choice, gpuMemory: 2048 }).TF_PER_DEVICE_MEMORY_LIMIT_MB).toBe('2048')
  })

  it('leaves alone what somebody has set', () => {
    const given = { NVIDIA_TF32_OVERRIDE: '1', TF_PER_DEVICE_MEMORY_LIMIT_MB: '99' }
    const added = of(given, { ...choice, gpuMemory: 2048 })
    expect(Object.keys(added).filter((name) => name in given)).toEqual([])
  })

  it("adds NVIDIA's assembler behind the user's own programs", () => {
    expect(of({ PATH: '/bin' }).PATH).toBe('/bin:/engine/nvidia/cuda_nvcc/bin')
  })

  it('gives XLA no folder that it would take apart at its spaces', () => {
    expect(of({}).XLA_FLAGS).toBe('--xla_gpu_cuda_data_dir=/engine/nvidia/cuda_nvcc')
    expect(gpuEnvironment(choice, '/my engine', {})).not.toHaveProperty('XLA_FLAGS')
  })
})
