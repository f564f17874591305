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
  const draw = drawerOf(initializer, tensor, randomFrom(seed, tensor.name))
  return Float32Array.from({ length: sizeOf(tensor.shape) }, draw)
}

function drawerOf(initializer: Initializer, { fanIn, fanOut }: InitializedTensor, uniform: Random): Random {
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
