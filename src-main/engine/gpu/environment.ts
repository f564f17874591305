import { delimiter, join } from 'node:path'
import { cacheFolder } from '../folder'

/** Which card is used and how much of its memory. */
export interface GpuChoice {
  /** Number of the card as nvidia-smi counts. */
  gpu: number
  /** Most memory of the card that a run may take, in MiB; 0 = all of it. */
  gpuMemory: number
}

/** Compiled kernels are kept up to this size; the default of the driver holds only a part of TensorFlow's. */
const KERNEL_CACHE_BYTES = 4_294_967_295

/**
 * What a process needs in its environment to compute on one graphics card. Exactly one is shown to it: tfjs-node puts
 * tensors on the last card that it sees, a TensorFlow session computes on the first. What is set already stays as it
 * is, so that a cluster that assigns cards by `CUDA_VISIBLE_DEVICES` decides; of several cards there, the first is used.
 * `folder` is the engine's.
 */
export function gpuEnvironment(
  { gpu, gpuMemory }: GpuChoice,
  folder: string,
  given: Partial<Record<string, string>> = process.env
): Record<string, string> {
  const compiler = join(folder, 'nvidia', 'cuda_nvcc')
  const wanted: Record<string, string> = {
    // Memory is taken as it is needed instead of all at the start.
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    // The binding hands TensorFlow no configuration; this is the limit that it reads from the environment.
    ...(gpuMemory > 0 && { TF_PER_DEVICE_MEMORY_LIMIT_MB: String(gpuMemory) }),
    // Convolutions and products with all bits of a float32, by algorithms that give the same bits every time.
    NVIDIA_TF32_OVERRIDE: '0',
    TF_CUDNN_DETERMINISTIC: '1',
    CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
    CUDA_CACHE_PATH: join(cacheFolder(), 'kernels'),
    CUDA_CACHE_MAXSIZE: String(KERNEL_CACHE_BYTES),
    // Flags are told apart by spaces, so a path with one cannot be given.
    ...(!/\s/.test(compiler) && { XLA_FLAGS: `--xla_gpu_cuda_data_dir=${compiler}` })
  }
  const unset = Object.entries(wanted).filter(([name]) => given[name] === undefined)
  return {
    ...Object.fromEntries(unset),
    CUDA_VISIBLE_DEVICES: given.CUDA_VISIBLE_DEVICES?.split(',')[0].trim() ?? String(gpu),
    PATH: [given.PATH, join(compiler, 'bin')].filter((part) => part !== undefined).join(delimiter)
  }
}
