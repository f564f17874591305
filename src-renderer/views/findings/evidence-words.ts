import { evidenceNames, type EvidenceName, type LevelName } from '../../charts/evidence'
import { writeLoss, writeNorm, writePlain } from '../../components/numbers'
import type { Speech } from '../../state/language.svelte'

const isKnown = (name: string): name is EvidenceName => (evidenceNames as readonly string[]).includes(name)

/** What a number of the evidence is called; one that the window does not know keeps its own name. */
export const evidenceLabel = (say: Speech['say'], name: string): string =>
  isKnown(name) ? say(`finding.evidence.${name}`) : name

/** The same for a number that others are compared with. */
export const levelLabel = (say: Speech['say'], name: LevelName): string => say(`finding.evidence.${name}`)

const losses = ['loss', 'usual', 'best', 'guess', 'train', 'other']
const norms = ['gradient', 'ratio', 'limit', 'share']

/** A number of the evidence in words. */
export function writeEvidence(name: string, value: number): string {
  if (losses.includes(name)) return writeLoss(value)
  return norms.includes(name) ? writeNorm(value) : writePlain(Number(value.toPrecision(4)))
}
