import type { Detector } from '../detector'

/** The loss of data that is not trained on, beside that of training, and how far it rose above its best. */
const APART = 3
const RISEN = 1.1
const EPOCHS = 3

/** The model learns its training samples by heart: the loss of others rises while that of training falls. */
export const overfitting: Detector = () => {
  let best = Infinity
  let risen = 0
  let standing: { train: number; other: number; best: number } | undefined
  const seen = () =>
    standing
      ? [
          {
            kind: 'overfitting' as const,
            severity: 'warning' as const,
            cause: 'tooLittleData' as const,
            evidence: standing
          }
        ]
      : []
  return {
    look: seen,
    score({ train, validation, test }) {
      const other = (validation ?? test)?.loss
      if (!train || other === undefined) return seen()
      best = Math.min(best, other)
      risen = other > RISEN * best && other > APART * train.loss ? risen + 1 : 0
      standing = risen >= EPOCHS ? { train: train.loss, other, best } : undefined
      return seen()
    }
  }
}
