import type { Preparation } from '#contract/vocabulary'

/** A change of every value that the graph makes: `value × multiply + add`. */
export interface Affine {
  multiply: number
  add: number
}

/** `scale`: every value times a number. */
export const scale = ({ by }: Extract<Preparation, { use: 'scale' }>): Affine => ({ multiply: by, add: 0 })
