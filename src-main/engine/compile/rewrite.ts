import type { RecordedOperation, Recording } from './record'

type Entries = Recording['entries']

/** A record of the same program with less to compute; nothing is changed where nothing can be saved. */
export const rewrite = (entries: Entries): Entries => sumBeforePooling(maskBeforePooling(entries))

/**
 * The gradient of a ReLU behind that of a max-pooling, taken in front of it: ReluGrad(MaxPoolGrad(x, y, dy), x) is
 * MaxPoolGrad(x, y, ReluGrad(dy, y)), exactly, since what was pooled is positive where y is. That is a fourth of the
 * numbers for windows of two by two.
 */
export function maskBeforePooling(entries: Entries): Entries {
  const makers = makersIn(entries)
  const uses = new Map<number, number>()
  for (const { inputs } of operationsIn(entries))
    for (const id of inputs) uses.set(id, (uses.get(id) ?? 0) + 1)

  const replaced = new Map<RecordedOperation, RecordedOperation>()
  for (const mask of operationsIn(entries)) {
    if (mask.op !== 'ReluGrad') continue
    const [gradient, activated] = mask.inputs
    const pooling = makers.get(gradient)
    if (pooling?.op !== 'MaxPoolGrad' || uses.get(gradient) !== 1) continue
    const [pooled, highest, towards] = pooling.inputs
    if (pooled !== activated) continue
    replaced.set(pooling, { ...mask, inputs: [towards, highest], outputs: pooling.outputs })
    replaced.set(mask, { ...pooling, inputs: [pooled, highest, gradient], outputs: mask.outputs })
  }
  return exchange(entries, replaced)
}

/**
 * The sum of the gradient of a max-pooling over the places of an image, as the gradient of a bias is, taken of what the
 * pooling spreads: it gives every number to one place. The same but for the order in which numbers are added.
 */
export function sumBeforePooling(entries: Entries): Entries {
  const makers = makersIn(entries)
  const constants = new Map(
    entries.flatMap((entry) => (entry.kind === 'constant' ? [[entry.id, entry.values] as const] : []))
  )

  const replaced = new Map<RecordedOperation, RecordedOperation>()
  for (const sum of operationsIn(entries)) {
    if (sum.op !== 'Sum') continue
    const [gradient, over] = sum.inputs
    const pooling = makers.get(gradient)
    if (pooling?.op !== 'MaxPoolGrad' || !PLACES.every((axis) => constants.get(over)?.includes(axis)))
      continue
    replaced.set(sum, { ...sum, inputs: [pooling.inputs[2], over] })
  }
  return exchange(entries, replaced)
}

/** Axes of height and width. */
const PLACES = [1, 2]

const operationsIn = (entries: Entries): RecordedOperation[] =>
  entries.filter((entry) => entry.kind === 'operation')

/** Which operation gave a tensor, by its handle. */
const makersIn = (entries: Entries): Map<number, RecordedOperation> =>
  new Map(operationsIn(entries).flatMap((entry) => entry.outputs.map(({ id }) => [id, entry] as const)))

const exchange = (entries: Entries, by: ReadonlyMap<RecordedOperation, RecordedOperation>): Entries =>
  entries.map((entry) => (entry.kind === 'operation' && by.get(entry)) || entry)
