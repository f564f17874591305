import type { Tensor } from '@tensorflow/tfjs-core'

/** Largest difference between a compiled and an eager result, relative to the norm of what they give. */
const TOLERANCE = 1e-3

/** A compiled program that gives something else than the eager one. */
export class Differs extends Error {
  constructor(readonly tensor: string) {
    super(`${tensor} differs between the compiled and the eager program`)
  }
}

/** Compares what a compiled and an eager program gave under a name. @throws Differs */
export function compare(name: string, compiled: Tensor, eager: Tensor): void {
  const expected = eager.dataSync()
  let difference = 0
  let size = 0
  compiled.dataSync().forEach((value, index) => {
    const wanted = expected[index]
    // What is not finite must be so in both.
    if (!Number.isFinite(wanted) || !Number.isFinite(value))
      difference = Object.is(value, wanted) ? difference : Infinity
    else {
      difference += (value - wanted) ** 2
      size += wanted ** 2
    }
  })
  if (!(Math.sqrt(difference) <= TOLERANCE * Math.sqrt(size))) throw new Differs(name)
}
