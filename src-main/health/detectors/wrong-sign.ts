import type { Detector } from '../detector'

/** The loss is multiplied with a negative number: training makes it as bad as it can. */
export const wrongSign: Detector = ({ experiment }) => {
  const { weight } = experiment.loss
  if (weight >= 0) return undefined
  const seen = [{ kind: 'wrongSign', severity: 'error', cause: 'sign', evidence: { weight } }] as const
  return { begin: () => [...seen], look: () => [...seen] }
}
