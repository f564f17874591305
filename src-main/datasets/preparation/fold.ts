import type { Affine, Operation } from '#contract/preparation'

/** The same operations, with changes that follow each other as one, so that the engine does less. */
export function foldAffines(operations: readonly Operation[]): Operation[] {
  return operations.reduce<Operation[]>((folded, operation) => {
    const before = folded.at(-1)
    if (operation.use === 'affine' && before?.use === 'affine')
      return [...folded.slice(0, -1), joinAffines(before, operation)]
    return [...folded, operation]
  }, [])
}

/**
 * Two changes as one: ((x − s) m − t) n = (x − (s + t/m)) m n. Whatever was multiplied by zero is zero, and a change
 * that is fitted to zeros subtracts nothing from them.
 */
export function joinAffines(first: Affine, second: Affine): Affine {
  const length = Math.max(
    first.subtract.length,
    first.multiply.length,
    second.subtract.length,
    second.multiply.length
  )
  const at = (numbers: readonly number[], i: number): number => numbers[i % numbers.length]
  const each = (join: (i: number) => number): number[] => Array.from({ length }, (_, i) => join(i))
  return {
    use: 'affine',
    subtract: each((i) => {
      const subtract = at(second.subtract, i)
      return at(first.subtract, i) + (subtract === 0 ? 0 : subtract / at(first.multiply, i))
    }),
    multiply: each((i) => at(first.multiply, i) * at(second.multiply, i))
  }
}
