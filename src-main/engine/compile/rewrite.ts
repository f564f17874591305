import type { RecordedOperation, Recording } from './record'

type Entries = Recording['entries']

/**
 * The gradient of a ReLU behind a max-pooling, taken in front of it: ReluGrad(MaxPoolGrad(x, y, dy), x) is
 * MaxPoolGrad(x, y, ReluGrad(dy, y)), bit for bit, since what was pooled is positive exactly where y is. That is a
 * fourth of the numbers for windows of two by two. Gives the same entries where there is nothing to do.
 */
export function maskBeforePooling(entries: Entries): Entries {
  const uses = new Map<number, number>()
  const makers = new Map<number, RecordedOperation>()
  for (const entry of entries) {
    if (entry.kind === 'constant') continue
    for (const id of entry.inputs) uses.set(id, (uses.get(id) ?? 0) + 1)
    for (const { id } of entry.outputs) makers.set(id, entry)
  }
  const replaced = new Map<RecordedOperation, RecordedOperation>()
  for (const mask of entries) {
    if (mask.kind === 'constant' || mask.op !== 'ReluGrad') continue
    const [gradient, activated] = mask.inputs
    const pooling = makers.get(gradient)
    if (pooling?.op !== 'MaxPoolGrad' || uses.get(gradient) !== 1) continue
    const [pooled, highest, towards] = pooling.inputs
    if (pooled !== activated) continue
    replaced.set(pooling, { ...mask, inputs: [towards, highest], outputs: pooling.outputs })
    replaced.set(mask, { ...pooling, inputs: [pooled, highest, gradient], outputs: mask.outputs })
  }
  return entries.map((entry) => (entry.kind === 'operation' && replaced.get(entry)) || entry)
}
