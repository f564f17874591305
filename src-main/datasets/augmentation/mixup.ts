import { normalFrom, type Random } from '#contract/random'
import type { AugmentationOf } from '#contract/vocabulary'
import type { Values } from './word'

/** Features and targets of a batch as rows of numbers, sample after sample. */
export interface Rows {
  features: Values
  targets: Values
}

/**
 * Mixes every sample of a batch, features and targets alike, with one of the same batch that its own stream of random
 * numbers chooses, in shares from a Beta(alpha, alpha) distribution (Zhang et al., 2018).
 */
export function mixup(
  { alpha }: AugmentationOf<'mixup'>,
  { features, targets }: Rows,
  streams: readonly Random[]
): Rows {
  const count = streams.length
  const mixes = streams.map((random, row) => ({
    row,
    other: Math.floor(random() * count),
    share: alpha === 0 ? 1 : betaFrom(alpha, random)
  }))
  const mix = (values: Values): Values => {
    const size = values.length / count
    const mixed = new Float32Array(values.length)
    for (const { row, other, share } of mixes)
      for (let i = 0; i < size; i++)
        mixed[row * size + i] = share * values[row * size + i] + (1 - share) * values[other * size + i]
    return mixed
  }
  return { features: mix(features), targets: mix(targets) }
}

/** A number of the distribution Beta(alpha, alpha): the share of one of two numbers of the same gamma distribution. */
function betaFrom(alpha: number, random: Random): number {
  const normal = normalFrom(random)
  const [first, second] = [logGammaFrom(alpha, random, normal), logGammaFrom(alpha, random, normal)]
  return 1 / (1 + Math.exp(second - first))
}

/**
 * Logarithm of a number of a gamma distribution (Marsaglia and Tsang, 2000); below 1 that of shape alpha + 1 times
 * u^(1/alpha), which the logarithm keeps from vanishing.
 */
function logGammaFrom(alpha: number, random: Random, normal: Random): number {
  if (alpha < 1) return logGammaFrom(alpha + 1, random, normal) + Math.log(1 - random()) / alpha
  const d = alpha - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normal()
    const v = (1 + c * x) ** 3
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return Math.log(d * v)
  }
}
