import type { Detector, Sighting } from '../detector'
import { isConstant } from '../initial-scale'

/** All units of a hidden layer begin alike: they get the same gradient and stay alike for ever. */
export const symmetricWeights: Detector = ({ layers }) => {
  const seen = layers
    .filter(
      ({ initializer, isOutput, isInBranch, isNormalization }) =>
        // The last kernel of a residual's branch may well begin at zero.
        initializer && isConstant(initializer) && !isOutput && !isInBranch && !isNormalization
    )
    .map(({ name, initializer }): Sighting => ({
      kind: 'symmetricWeights',
      layer: name,
      severity: 'error',
      cause: 'initialization',
      evidence: {
        value: initializer?.use === 'constant' ? initializer.value : Number(initializer?.use === 'ones')
      }
    }))
  return seen.length === 0 ? undefined : { begin: () => seen, look: () => seen }
}
