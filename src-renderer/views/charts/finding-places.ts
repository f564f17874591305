import type { FindingKind } from '#contract/health'
import type { EvidenceForm } from '../../charts/evidence'
import type { FindingGroup } from '../../state/findings'
import type { LayerView } from './desk-memory'

/** Charts beside which findings stand: loss and scores, gradient norms, updates and the rate behind them. */
export type FindingChart = 'loss' | 'gradients' | 'ratio'

/** Where each kind of finding is to be seen. */
const places: Record<FindingKind, { chart: FindingChart; evidence: EvidenceForm }> = {
  lossOutputMismatch: { chart: 'loss', evidence: 'numbers' },
  wrongSign: { chart: 'loss', evidence: 'loss' },
  symmetricWeights: { chart: 'gradients', evidence: 'depth' },
  unscaledInput: { chart: 'gradients', evidence: 'numbers' },
  unscaledTarget: { chart: 'loss', evidence: 'numbers' },
  badInitialLoss: { chart: 'loss', evidence: 'numbers' },
  learningRateTooHigh: { chart: 'ratio', evidence: 'ratio' },
  learningRateTooLow: { chart: 'ratio', evidence: 'ratio' },
  explodingGradient: { chart: 'gradients', evidence: 'gradient' },
  vanishingGradient: { chart: 'gradients', evidence: 'depth' },
  deadUnits: { chart: 'gradients', evidence: 'depth' },
  saturation: { chart: 'gradients', evidence: 'depth' },
  lossSpike: { chart: 'loss', evidence: 'loss' },
  divergence: { chart: 'loss', evidence: 'loss' },
  oscillation: { chart: 'loss', evidence: 'loss' },
  plateau: { chart: 'loss', evidence: 'loss' },
  overfitting: { chart: 'loss', evidence: 'numbers' },
  updateTooLarge: { chart: 'ratio', evidence: 'ratio' },
  nonFinite: { chart: 'gradients', evidence: 'gradient' }
}

/** The chart beside which a finding stands; a refusal of the guard stands beside the gradients. */
export function chartOf({ kind, layer }: Pick<FindingGroup, 'kind' | 'layer'>): FindingChart {
  if (kind) return places[kind].chart
  return layer === undefined ? 'loss' : 'gradients'
}

/** How the evidence of a finding is drawn. */
export const evidenceFormOf = (kind: FindingKind): EvidenceForm => places[kind].evidence

/** Charts of layers that show the findings of a chart. */
const viewsOf: Record<Exclude<FindingChart, 'loss'>, readonly LayerView[]> = {
  gradients: ['gradients', 'map', 'strip'],
  ratio: ['ratio', 'rate', 'map', 'strip']
}

/** The chart of layers in which a finding is to be seen: the one on display where that shows it, or needs not. */
export function layerViewFor(group: Pick<FindingGroup, 'kind' | 'layer'>, shown: LayerView): LayerView {
  const chart = chartOf(group)
  return chart === 'loss' || viewsOf[chart].includes(shown) ? shown : chart
}
