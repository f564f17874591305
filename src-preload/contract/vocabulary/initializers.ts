import type { z } from 'zod'
import { finite, notNegative, oneOf, word } from './words'

export const initializers = {
  glorotUniform: word('glorotUniform', {}),
  glorotNormal: word('glorotNormal', {}),
  heUniform: word('heUniform', {}),
  heNormal: word('heNormal', {}),
  lecunUniform: word('lecunUniform', {}),
  lecunNormal: word('lecunNormal', {}),
  randomUniform: word('randomUniform', { min: finite.default(-0.05), max: finite.default(0.05) }),
  randomNormal: word('randomNormal', { mean: finite.default(0), stddev: notNegative.default(0.05) }),
  orthogonal: word('orthogonal', { gain: finite.default(1) }),
  identity: word('identity', { gain: finite.default(1) }),
  zeros: word('zeros', {}),
  ones: word('ones', {}),
  constant: word('constant', { value: finite })
}
export const initializer = oneOf([
  initializers.glorotUniform,
  initializers.glorotNormal,
  initializers.heUniform,
  initializers.heNormal,
  initializers.lecunUniform,
  initializers.lecunNormal,
  initializers.randomUniform,
  initializers.randomNormal,
  initializers.orthogonal,
  initializers.identity,
  initializers.zeros,
  initializers.ones,
  initializers.constant
])
export type Initializer = z.output<typeof initializer>
