import type { Message } from '#contract/messages'
import type { Loss } from '#contract/vocabulary'
import type { LayerLink } from './keras/chain'
import { compiledLoss, logitLosses, type LogitLoss } from './keras/compiled'

/** The layers as they are trained, with the loss that fits their end. */
export interface Ending {
  layers: LayerLink[]
  loss: Loss
  notes: Message[]
}

/** Losses that compare with classes. */
const CLASS_LOSSES: Loss['use'][] = ['softmaxCrossEntropy', 'binaryCrossEntropy', 'categoricalCrossEntropy']

/**
 * The loss that a model was compiled with, else the one of the data it is put on. A softmax or sigmoid in front of a
 * cross-entropy becomes part of the loss: on logits it is the same number, and neither it nor its gradient is lost
 * where a probability rounds to 0 or 1.
 */
export function endOf(layers: LayerLink[], wanted: unknown, ground: Loss): Ending {
  const compiled = compiledLoss(wanted)
  if (!compiled) {
    const isUnknown = wanted !== undefined && wanted !== null
    const ending = endFor(layers, ground)
    return { ...ending, notes: [...(isUnknown ? [unknownLoss(ending.loss)] : []), ...ending.notes] }
  }
  const { loss, onLogits, fromLogits } = compiled
  if (!onLogits) return { layers, loss, notes: [] }
  if (fromLogits) return { layers, loss: onLogits.loss, notes: [] }
  const taken = takeUpon(layers, onLogits)
  if (taken) return taken
  // Only probabilities that a sigmoid made can be compared by a binary cross-entropy of ours.
  return { layers, loss, notes: loss === onLogits.loss ? [unknownLoss(loss)] : [] }
}

const unknownLoss = ({ use }: Loss): Message => ({ key: 'import.note.loss', values: { loss: use } })

/** The end of a model that nobody compiled, on data with this loss. */
function endFor(layers: LayerLink[], ground: Loss): Ending {
  const isAsked = ground.use === 'categoricalCrossEntropy' || !CLASS_LOSSES.includes(ground.use)
  const taken = isAsked
    ? undefined
    : (takeUpon(layers, logitLosses.softmax) ?? takeUpon(layers, logitLosses.sigmoid))
  return taken ?? { layers, loss: ground, notes: [] }
}

/** The layers without the activation at their end; undefined where they end otherwise, or nothing would be left. */
function takeUpon(layers: LayerLink[], { loss, activation }: LogitLoss): Ending | undefined {
  const last = layers.at(-1)
  if (last?.layer.activation !== activation) return undefined
  const before = layers.slice(0, -1)
  const notes: Message[] = [{ key: 'import.note.logits', values: { activation } }]
  if (last.layer.use === 'activation') return before.length > 0 ? { layers: before, loss, notes } : undefined
  const layer = { ...last.layer }
  delete layer.activation
  return { layers: [...before, { ...last, layer }], loss, notes }
}
