import type { Random } from '#contract/random'
import type { SourceOf } from '../../reader'

/** Options of a generator with what is used where they are left out. */
export interface Settings {
  /** Absent where the source does not say. */
  samples?: number
  /** Standard deviation of the noise. */
  noise: number
  features: number
  informative: number
  length: number
}

/** One formula with random numbers: one file, and one row in `synthetic.ts`. */
export interface Generator {
  /** Noise where the source gives none; 0 without it. */
  usualNoise?: number
  /** Samples where the source does not say how many; 1,000 without it. */
  fixedSamples?: number
  /** Shape of a sample; one value for each column without it. */
  featureShape?(settings: Settings): number[]
  /** Names of the values of a sample; absent for sequences. */
  columns?(settings: Settings): string[]
  /** Names of the classes; absent where targets are numbers. */
  classes?: string[]
  /**
   * What makes samples one by one: it writes the values of a sample and gives its class or its target. Samples are
   * counted from 0.
   */
  draw(settings: Settings, uniform: Random, normal: Random): (values: Float32Array, index: number) => number
}

export type GeneratorName = SourceOf<'synthetic'>['generator']

/** Names of the two coordinates of a point. */
export const coordinates = (): string[] => ['x', 'y']
