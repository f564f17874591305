import { normalFrom } from '#contract/random'
import { held, type SampleWord } from './word'

/** Adds a normally distributed number to every value. */
export const noise: SampleWord<'noise'> = ({ stddev }, values, form, random) => {
  const normal = normalFrom(random)
  return values.map((value) => held(value + stddev * normal(), form))
}
