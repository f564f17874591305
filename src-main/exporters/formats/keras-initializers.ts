import type { Initializer } from '#contract/vocabulary'

/** An initializer in the words of Keras. */
export function kerasInitializer(initializer: Initializer): { class_name: string; config: object } {
  const scaling = (scale: number, mode: 'fan_in' | 'fan_avg', distribution: 'uniform' | 'normal') => ({
    class_name: 'VarianceScaling',
    config: { scale, mode, distribution, seed: null }
  })
  switch (initializer.use) {
    case 'glorotUniform':
      return scaling(1, 'fan_avg', 'uniform')
    case 'glorotNormal':
      return scaling(1, 'fan_avg', 'normal')
    case 'heUniform':
      return scaling(2, 'fan_in', 'uniform')
    case 'heNormal':
      return scaling(2, 'fan_in', 'normal')
    case 'lecunUniform':
      return scaling(1, 'fan_in', 'uniform')
    case 'lecunNormal':
      return scaling(1, 'fan_in', 'normal')
    case 'randomUniform':
      return {
        class_name: 'RandomUniform',
        config: { minval: initializer.min, maxval: initializer.max, seed: null }
      }
    case 'randomNormal': {
      const { mean, stddev } = initializer
      return { class_name: 'RandomNormal', config: { mean, stddev, seed: null } }
    }
    case 'orthogonal':
      return { class_name: 'Orthogonal', config: { gain: initializer.gain, seed: null } }
    case 'identity':
      return { class_name: 'Identity', config: { gain: initializer.gain } }
    case 'zeros':
      return { class_name: 'Zeros', config: {} }
    case 'ones':
      return { class_name: 'Ones', config: {} }
    case 'constant':
      return { class_name: 'Constant', config: { value: initializer.value } }
  }
}
