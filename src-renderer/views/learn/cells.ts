import { expandStudy } from '#contract/expand-study'
import type { Experiment } from '#contract/experiment'
import type { ShippedStudy, StudyAxis, StudyCell, StudyRun } from '#contract/study'

/** One combination of a study's cases: what it stands for, what its runs gave, and how it is trained again. */
export interface Cell {
  /** Its labels in the order of the axes. */
  id: string
  labels: string[]
  /** Names of the layers that the gradients speak of. */
  layers: readonly string[]
  theory: number | undefined
  runs: readonly StudyRun[]
  /** With the first of the study's seeds. */
  experiment: Experiment
}

const SEPARATOR = ' · '

/**
 * The cells of a study in their order, those without results too.
 * @throws Failure `study.*` for a study that cannot be expanded
 */
export function cellsOf({ study, base, result }: ShippedStudy): Cell[] {
  const { cells, seeds } = expandStudy(study, base)
  const labelsIn = (labels: Record<string, string>): string[] => study.vary.map(({ name }) => labels[name])
  const known = new Map<string, StudyCell>(
    (result?.cells ?? []).map((cell) => [labelsIn(cell.labels).join(SEPARATOR), cell])
  )
  return cells.map(({ labels: named, experiment }) => {
    const labels = labelsIn(named)
    const id = labels.join(SEPARATOR)
    const found = known.get(id)
    return {
      id,
      labels,
      layers: found?.layers ?? [],
      theory: found?.theoreticalMultiplier,
      runs: found?.runs ?? [],
      experiment: { ...experiment, seed: seeds[0] }
    }
  })
}

/** The word of the vocabulary that a case of an axis puts into the experiment, such as `relu`; undefined for others. */
export function wordOf({ cases }: StudyAxis, label: string): string | undefined {
  const [value] = Object.values(cases.find((each) => each.label === label)?.set ?? {})
  const word: unknown = typeof value === 'object' && value !== null && 'use' in value ? value.use : value
  return typeof word === 'string' ? word : undefined
}

/** The label of the case that puts a word into the experiment. */
export const labelOf = (axis: StudyAxis, word: string): string | undefined =>
  axis.cases.find(({ label }) => wordOf(axis, label) === word)?.label

/**
 * Norms of the gradient of the first batch by layer: geometric means over the seeds, because they differ by powers of
 * ten. Zero where one of them is, NaN where one is not finite.
 */
export function gradientByLayer({ runs, layers }: Cell): number[] {
  return layers.map((_, layer) => {
    const norms = runs.map(({ firstGradient }) => firstGradient[layer] ?? NaN)
    if (norms.length === 0) return NaN
    return Math.exp(norms.reduce((sum, norm) => sum + Math.log(norm), 0) / norms.length)
  })
}
