import type { DatasetSummary } from '#contract/dataset'
import { layerNames, type Experiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import type { Operation, PreparationPlan } from '#contract/preparation'
import type { Part, Parts } from '../parts'
import { applyAll } from './apply'
import { sizeOf } from './layout'

/** Samples that are looked at together. */
const CHUNK = 1024
/** Layers that hand on their input as it is, in another shape at most. */
const HAND_ON: readonly string[] = ['flatten', 'reshape']

/**
 * Refuses samples that a first `embedding` cannot look up: whatever is no whole number from 0 to inputs − 1 when it
 * reaches the layer, and steps that would make it so while training.
 * @throws Failure `data.notACode.*` that names sample, position, value and range; `data.codesChanged`
 */
export function checkCodes(
  parts: Parts,
  summary: DatasetSummary,
  { model, data }: Experiment,
  operations: readonly Operation[]
): void {
  const table = tableIn(model)
  if (!table) return
  const changing = [
    ...data.augment.map(({ use }, index) => ({ use, path: `data.augment.${index}` })),
    ...data.faults.map(({ use }, index) => ({ use, path: `data.faults.${index}` }))
  ].find(({ use }) => !use.endsWith('Labels'))
  if (changing)
    throw new Failure('data.codesChanged', { path: changing.path, word: changing.use, layer: table.layer })

  for (const part of Object.values<Part | undefined>({ ...parts })) {
    if (!part) continue
    for (let start = 0; start < part.count; start += CHUNK) {
      const count = Math.min(CHUNK, part.count - start)
      const { features } = part.gather(Uint32Array.from({ length: count }, (_, i) => start + i))
      const odd = findOdd(table, applyAll(operations, summary.featureShape, features), count)
      if (!odd) continue
      throw new Failure(`data.notACode.${part.from}`, {
        ...odd,
        name: summary.name,
        sample: part.indices[start + odd.sample],
        // Preparation may make more values of a column, which then have no name.
        place: (operations.length === 0 && summary.columns?.[odd.place].name) || String(odd.place)
      })
    }
  }
}

/**
 * Refuses raw samples that somebody gives to a trained model and that its first `embedding` cannot look up.
 * @throws Failure `data.notACode.given`
 */
export function checkGivenCodes(
  features: Float32Array,
  { model }: Experiment,
  { sampleShape, features: operations }: PreparationPlan
): void {
  const table = tableIn(model)
  if (!table) return
  const count = features.length / sizeOf(sampleShape)
  const odd = findOdd(table, applyAll(operations, sampleShape, features), count)
  if (odd) throw new Failure('data.notACode.given', { ...odd, place: String(odd.place) })
}

/** The table of codes that a model begins with. */
interface Table {
  layer: string
  highest: number
}

function tableIn({ layers }: Experiment['model']): Table | undefined {
  const first = layers.findIndex(({ use }) => !HAND_ON.includes(use))
  const layer = first === -1 ? undefined : layers[first]
  return layer?.use === 'embedding'
    ? { layer: layerNames(layers)[first], highest: layer.inputs - 1 }
    : undefined
}

/** The first of prepared values that is no code. */
function findOdd(table: Table, values: Float32Array, count: number) {
  const at = values.findIndex((code) => !Number.isInteger(code) || code < 0 || code > table.highest)
  if (at === -1) return undefined
  const size = values.length / count
  return { ...table, sample: Math.floor(at / size), place: at % size, found: String(values[at]) }
}
