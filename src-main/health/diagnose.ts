import { isAlarm, severities, type Finding, type FindingKind } from '#contract/health'
import type { Scores } from '#contract/run'
import { startCourse } from './course'
import type { Sighting, Subject, Watch } from './detector'
import { detectors } from './detectors'
import { openEyes } from './seen-step'
import { advise, describe } from './sentences'

/** What changed in what is known of a run. */
export type Change =
  /** Something is seen for the first time, or is worse than was said. */
  | { type: 'found'; finding: Finding }
  /** What was found is not to be seen any more. */
  | { type: 'withdrawn'; finding: Finding; step: number }

/** Judges a run step by step. */
export interface Diagnosis {
  /** What is to be seen before the first step. */
  begin(): Change[]
  /** Takes the row of a step as it is stored, and the row of what was measured of the layers at it, if it was. */
  look(row: Float32Array, step: number, measured?: Float32Array): Change[]
  /** Takes the scores of an epoch. */
  score(scores: Scores, step: number): Change[]
  /** Everything that stands: alarms first, in the order in which they came, so that causes stand before their symptoms. */
  readonly findings: readonly Finding[]
}

/** Steps for which something may be out of sight before it is withdrawn. */
const HOLD_STEPS = 200
/** What happened cannot be undone by better steps. */
const LASTING: readonly FindingKind[] = [
  'nonFinite',
  'lossSpike',
  'explodingGradient',
  'badInitialLoss',
  'learningRateTooHigh'
]

const MOST_OF_A_SYMPTOM = severities.indexOf('warning')

/** What is not said where one of these stands, unless it is an error. */
const SYMPTOMS_OF: Partial<Record<FindingKind, readonly FindingKind[]>> = {
  learningRateTooHigh: ['explodingGradient'],
  lossSpike: ['explodingGradient', 'learningRateTooHigh'],
  vanishingGradient: ['saturation'],
  deadUnits: ['vanishingGradient'],
  saturation: ['vanishingGradient', 'symmetricWeights'],
  oscillation: ['divergence', 'wrongSign'],
  plateau: [
    'vanishingGradient',
    'deadUnits',
    'saturation',
    'symmetricWeights',
    'learningRateTooLow',
    'divergence',
    'oscillation'
  ]
}

interface Standing {
  finding: Finding
  lastSeen: number
}

/** Opens the diagnosis of a run. Replaying the stored rows and scores of a run gives the same findings. */
export function openDiagnosis(subject: Subject): Diagnosis {
  const course = startCourse(subject.layers)
  const see = openEyes(subject.measured.length)
  const watches = detectors
    .map((detector) => detector(subject))
    .filter((watch): watch is Watch => watch !== undefined)
  const standing = new Map<string, Standing>()

  function take(sightings: readonly Sighting[], step: number, changes: Change[]): void {
    for (const sighting of sightings) {
      if (isSymptom(sighting)) continue
      const key = `${sighting.kind} ${sighting.layer ?? ''}`
      const known = standing.get(key) ?? sameElsewhere(sighting)
      if (known && rankOf(known.finding) >= rankOf(sighting)) {
        known.lastSeen = step
        continue
      }
      const finding = { ...sighting, step, message: describe(sighting, step), advice: advise(sighting) }
      standing.set(key, { finding, lastSeen: step })
      changes.push({ type: 'found', finding })
    }
  }

  /** A kind that is known of another layer already says what is to be said. */
  function sameElsewhere({ kind }: Sighting): Standing | undefined {
    if (!ONE_LAYER.includes(kind)) return undefined
    for (const each of standing.values()) if (each.finding.kind === kind) return each
    return undefined
  }

  /** What another finding says already, nearer to the cause. */
  function isSymptom({ kind, severity }: Sighting): boolean {
    const causes = SYMPTOMS_OF[kind]
    if (!causes || rankOf({ severity }) > MOST_OF_A_SYMPTOM) return false
    for (const { finding } of standing.values())
      if (causes.includes(finding.kind) && isAlarm(finding.severity)) return true
    return false
  }

  /** What is no alarm by itself becomes one where something suffers from it. */
  function promote(step: number, changes: Change[]): void {
    for (const [key, { finding }] of standing) {
      if (!finding.kind.startsWith('unscaled') || isAlarm(finding.severity) || !suffers(finding.cause))
        continue
      const promoted: Finding = { ...finding, severity: 'warning', step }
      // It takes its place behind what suffers from it.
      standing.delete(key)
      standing.set(key, { finding: promoted, lastSeen: step })
      changes.push({ type: 'found', finding: promoted })
    }
  }

  function suffers(cause: Finding['cause']): boolean {
    for (const { finding } of standing.values())
      if (finding.cause === cause && isAlarm(finding.severity)) return true
    return false
  }

  function withdraw(step: number, changes: Change[]): void {
    for (const [key, { finding, lastSeen }] of standing) {
      if (step - lastSeen < HOLD_STEPS || LASTING.includes(finding.kind)) continue
      standing.delete(key)
      changes.push({ type: 'withdrawn', finding, step })
    }
  }

  return {
    begin() {
      const changes: Change[] = []
      for (const watch of watches) if (watch.begin) take(watch.begin(), 0, changes)
      promote(0, changes)
      return changes
    },
    look(row, number, measured) {
      const step = see(row, number, measured)
      course.add(step)
      const changes: Change[] = []
      for (const watch of watches) if (watch.look) take(watch.look(step, course), number, changes)
      promote(number, changes)
      withdraw(number, changes)
      return changes
    },
    score(scores, step) {
      const changes: Change[] = []
      for (const watch of watches) if (watch.score) take(watch.score(scores), step, changes)
      promote(step, changes)
      return changes
    },
    get findings() {
      const found = [...standing.values()].map(({ finding }) => finding)
      // The sort is stable: what came first stays first.
      return found.sort((a, b) => Number(isAlarm(b.severity)) - Number(isAlarm(a.severity)))
    }
  }
}

/** Kinds of which one layer is named: the same trouble shows in several. */
const ONE_LAYER: readonly FindingKind[] = [
  'learningRateTooHigh',
  'explodingGradient',
  'vanishingGradient',
  'deadUnits',
  'saturation',
  'updateTooLarge',
  'nonFinite'
]

const rankOf = ({ severity }: Pick<Finding, 'severity'>): number => severities.indexOf(severity)
