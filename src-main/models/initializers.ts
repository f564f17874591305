import { normalFrom, randomFrom, type Random } from '#contract/random'
import type { Initializer } from '#contract/vocabulary'
import { sizeOf } from './layer'

/** What an initializer must know of the tensor that it fills. */
export interface InitializedTensor {
  /** `<layer>/<role>`: every tensor has a stream of random numbers of its own. */
  name: string
  shape: readonly number[]
  fanIn: number
  fanOut: number
}

/** Standard deviation of a standard normal distribution that is cut off at ±2. */
const TRUNCATED_DEVIATION = 0.8796256610342398

/**
 * The first values of a tensor; the same seed and name give the same values on every machine.
 *
 * Variance scaling as in Keras: variance `v` is 2/(fanIn+fanOut) for Glorot (Glorot and Bengio, 2010), 2/fanIn for He
 * (He et al., 2015), 1/fanIn for LeCun (LeCun et al., 1998). Uniform draws from ±√(3v); normal draws from a normal
 * distribution cut off at two deviations and widened so that its deviation is √v after the cut.
 */
export function initialValues(
  initializer: Initializer,
  tensor: InitializedTensor,
  seed: number
): Float32Array {
  if (initializer.use === 'orthogonal') {
    const values = orthogonalValues(tensor, seed)
    return values.map((value) => initializer.gain * value)
  }
  if (initializer.use === 'identity') return identityValues(tensor, initializer.gain)
  const draw = drawerOf(initializer, tensor, randomFrom(seed, tensor.name))
  return Float32Array.from({ length: sizeOf(tensor.shape) }, draw)
}

/**
 * Values whose columns (the last axis) are orthonormal, or whose rows are where those are fewer: a random rotation,
 * uniform among all (Saxe, McClelland and Ganguli, 2014), from normal numbers by the method of Gram and Schmidt. It is
 * the Q of a QR decomposition whose R has a positive diagonal. 512 rows of 2,048 take less than a second.
 */
export function orthogonalValues({ name, shape }: InitializedTensor, seed: number): Float32Array {
  const columns = shape[shape.length - 1]
  const rows = sizeOf(shape) / columns
  const length = Math.max(rows, columns)
  const normal = normalFrom(randomFrom(seed, name))
  const nothing = new Float64Array(length)
  const vectors: Float64Array[] = []
  while (vectors.length < Math.min(rows, columns)) {
    const vector = Float64Array.from({ length }, normal)
    for (let i = 0; i < vectors.length; i += 4) {
      const [first, second = nothing, third = nothing, fourth = nothing] = vectors.slice(i, i + 4)
      takeParts(vector, first, second, third, fourth)
    }
    const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
    vectors.push(vector.map((value) => value / norm))
  }
  return Float32Array.from({ length: rows * columns }, (_, index) => {
    const row = Math.floor(index / columns)
    const column = index % columns
    return rows >= columns ? vectors[column][row] : vectors[row][column]
  })
}

/** Takes from a vector its parts along four orthonormal ones; four at once is twice as fast as one after another. */
function takeParts(
  vector: Float64Array,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  d: Float64Array
): void {
  let [alongA, alongB, alongC, alongD] = [0, 0, 0, 0]
  for (let i = 0; i < vector.length; i++) {
    const value = vector[i]
    alongA += value * a[i]
    alongB += value * b[i]
    alongC += value * c[i]
    alongD += value * d[i]
  }
  for (let i = 0; i < vector.length; i++)
    vector[i] -= alongA * a[i] + alongB * b[i] + alongC * c[i] + alongD * d[i]
}

/** `gain` where the number of the row, all axes but the last taken as one, is that of the column, else 0. */
function identityValues({ shape }: InitializedTensor, gain: number): Float32Array {
  const columns = shape[shape.length - 1]
  return Float32Array.from({ length: sizeOf(shape) }, (_, index) =>
    Math.floor(index / columns) === index % columns ? gain : 0
  )
}

/** An initializer whose values are independent of each other. */
type Independent = Exclude<Initializer, { use: 'orthogonal' | 'identity' }>

function drawerOf(initializer: Independent, { fanIn, fanOut }: InitializedTensor, uniform: Random): Random {
  switch (initializer.use) {
    case 'glorotUniform':
      return scaledUniform(2 / (fanIn + fanOut), uniform)
    case 'glorotNormal':
      return scaledNormal(2 / (fanIn + fanOut), uniform)
    case 'heUniform':
      return scaledUniform(2 / fanIn, uniform)
    case 'heNormal':
      return scaledNormal(2 / fanIn, uniform)
    case 'lecunUniform':
      return scaledUniform(1 / fanIn, uniform)
    case 'lecunNormal':
      return scaledNormal(1 / fanIn, uniform)
    case 'randomUniform':
      return () => initializer.min + (initializer.max - initializer.min) * uniform()
    case 'randomNormal': {
      const normal = normalFrom(uniform)
      return () => initializer.mean + initializer.stddev * normal()
    }
    case 'zeros':
      return () => 0
    case 'ones':
      return () => 1
    case 'constant':
      return () => initializer.value
  }
}

function scaledUniform(variance: number, uniform: Random): Random {
  const limit = Math.sqrt(3 * variance)
  return () => limit * (2 * uniform() - 1)
}

function scaledNormal(variance: number, uniform: Random): Random {
  const deviation = Math.sqrt(variance) / TRUNCATED_DEVIATION
  const normal = normalFrom(uniform)
  return () => {
    for (;;) {
      const value = normal()
      if (Math.abs(value) <= 2) return deviation * value
    }
  }
}
