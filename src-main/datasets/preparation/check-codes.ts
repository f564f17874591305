import type { DatasetSummary } from '#contract/dataset'
import { layerNames, type Experiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import type { Operation } from '#contract/preparation'
import type { Part, Parts } from '../parts'
import { applyAll } from './apply'

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
  { model: { layers }, data }: Experiment,
  operations: readonly Operation[]
): void {
  const first = layers.findIndex(({ use }) => !HAND_ON.includes(use))
  const embedding = layers[first]
  if (embedding?.use !== 'embedding') return
  const { inputs } = embedding
  const layer = layerNames(layers)[first]

  const changing = [
    ...data.augment.map(({ use }, index) => ({ use, path: `data.augment.${index}` })),
    ...data.faults.map(({ use }, index) => ({ use, path: `data.faults.${index}` }))
  ].find(({ use }) => !use.endsWith('Labels'))
  if (changing) throw new Failure('data.codesChanged', { path: changing.path, word: changing.use, layer })

  for (const part of Object.values<Part | undefined>({ ...parts })) {
    if (!part) continue
    for (let start = 0; start < part.count; start += CHUNK) {
      const count = Math.min(CHUNK, part.count - start)
      const { features } = part.gather(Uint32Array.from({ length: count }, (_, i) => start + i))
      const codes = applyAll(operations, summary.featureShape, features)
      const at = codes.findIndex((code) => !Number.isInteger(code) || code < 0 || code >= inputs)
      if (at === -1) continue
      const size = codes.length / count
      throw new Failure(`data.notACode.${part.from}`, {
        name: summary.name,
        sample: part.indices[start + Math.floor(at / size)],
        // Preparation may make more values of a column, which then have no name.
        place: (operations.length === 0 && summary.columns?.[at % size].name) || String(at % size),
        found: String(codes[at]),
        layer,
        highest: inputs - 1
      })
    }
  }
}
