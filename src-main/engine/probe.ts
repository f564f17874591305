import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-layers'
import { statelessUniform } from './kernels/stateless-uniform'
import { loadNative, nativeBackend } from './native'
import { PROBE_ARGUMENT, type ProbeReport } from './probe-in-child'

export { PROBE_ARGUMENT }

const TOLERANCE = 1e-4

/**
 * Loads the engine of a folder into this process and compares what it computes with known numbers: a matrix
 * product, a convolution with both gradients, element-wise arithmetic, reductions, a segment sum, random numbers, and
 * a product that is large enough for TensorFlow's vectorized paths, against a plain loop. With a graphics card all of
 * it is computed there, because tfjs-node puts every tensor of numbers on it.
 */
export async function probe(folder: string): Promise<ProbeReport> {
  const version = await loadNative(folder)
  const wrong = Object.entries(computations)
    .filter(([, compute]) => !tf.tidy(compute))
    .map(([name]) => name)
  return { version, wrong, isOnGpu: nativeBackend().isUsingGpuDevice }
}

/**
 * What a process forked with `--probe FOLDER` does: probes and writes one line of JSON.
 * The line is a ProbeReport, or `{ problem }` when the engine could not be loaded.
 */
export async function runProbe(parameters: string[] = process.argv): Promise<void> {
  const folder = parameters[parameters.indexOf(PROBE_ARGUMENT) + 1]
  const report = await probe(folder).catch((error: unknown) => ({ problem: (error as Error).message }))
  process.stdout.write(JSON.stringify(report) + '\n')
  // The channel to the parent would otherwise keep the process, once somebody listens to it.
  process.disconnect?.()
}

// Each number below is worked out by hand from X = 1 … 9 as a 3×3 image, F = [1 2; 3 4] and G = [1 2; 3 4].
const computations: Record<string, () => boolean> = {
  'matrix product': () =>
    equals(tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2])), [19, 22, 43, 50]),
  convolution: () => equals(tf.conv2d(image(), filter(), 1, 'valid'), [37, 47, 67, 77]),
  'gradient of a convolution by its input': () =>
    equals(convolutionGradients()[0], [1, 4, 4, 6, 20, 16, 9, 24, 16]),
  'gradient of a convolution by its filter': () => equals(convolutionGradients()[1], [37, 47, 67, 77]),
  'element-wise arithmetic': () => {
    const x = tf.tensor1d([-2, -1, 0, 1, 2])
    return equals(tf.add(tf.mul(x, x), tf.relu(x)), [4, 1, 0, 2, 6]) && equals(tf.exp(x), exponentials)
  },
  reduction: () =>
    equals(tf.sum(tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]), 1), [6, 15]) &&
    equals(tf.max(tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]), 0), [4, 5, 6]),
  'random numbers': () => equals(statelessUniform(tf.tensor1d([1, 2], 'int32'), [3], 3), uniforms),
  'segment sum': () =>
    equals(
      tf.unsortedSegmentSum(tf.tensor1d([1, 2, 3, 4]), tf.tensor1d([0, 1, 0, 1], 'int32'), 3),
      [4, 6, 0]
    ),
  'large matrix product': () => {
    const size = 96
    const a = wholeNumbers(size * size, 5)
    const b = wholeNumbers(size * size, 7)
    const product = tf.matMul(tf.tensor2d(a, [size, size]), tf.tensor2d(b, [size, size]))
    return equals(product, multiply(a, b, size))
  }
}

const exponentials = [-2, -1, 0, 1, 2].map(Math.exp)
/** What TensorFlow's Philox generator gives on the processor for this seed; it is defined for all devices alike. */
const uniforms = [0.50431287, 0.29460764, 0.21927392]

const image = (): tf.Tensor4D => tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1])
const filter = (): tf.Tensor4D => tf.tensor4d([1, 2, 3, 4], [2, 2, 1, 1])

function convolutionGradients(): tf.Tensor[] {
  const gradients = tf.grads((x, f) => tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, 1, 'valid'))
  return gradients([image(), filter()], tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]))
}

/** Small whole numbers, whose sums and products a float32 holds exactly. */
const wholeNumbers = (count: number, factor: number): Float32Array =>
  Float32Array.from({ length: count }, (_, index) => ((index * factor) % 13) - 6)

function multiply(a: Float32Array, b: Float32Array, size: number): Float32Array {
  const product = new Float32Array(size * size)
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      let sum = 0
      for (let k = 0; k < size; k++) sum += a[row * size + k] * b[k * size + column]
      product[row * size + column] = sum
    }
  return product
}

function equals(tensor: tf.Tensor, expected: ArrayLike<number>): boolean {
  const found = tensor.dataSync()
  return (
    found.length === expected.length &&
    found.every(
      (value, index) =>
        Math.abs(value - expected[index]) <= TOLERANCE * Math.max(1, Math.abs(expected[index]))
    )
  )
}
