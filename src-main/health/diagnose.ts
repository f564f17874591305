import { isAlarm, severities, type Finding, type FindingKind } from '#contract/health'
import type { Scores } from '#contract/run'
import { startCourse } from './course'
import type { Sighting, Subject, Watch } from './detector'
import { detectors } from './detectors'
import { seeStep } from './seen-step'
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
  /** Takes the row of a step as it is stored. */
  look(row: Float32Array, step: number): Change[]
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

/** What is not said where one of these stands. */
const SYMPTOMS_OF: Partial<Record<FindingKind, readonly FindingKind[]>> = {
  learningRateTooHigh: ['explodingGradient'],
  lossSpike: ['explodingGradient', 'learningRateTooHigh'],
  plateau: ['vanishingGradient', 'deadUnits', 'symmetricWeights', 'learningRateTooLow', 'divergence']
}

interface Standing {
  finding: Finding
  lastSeen: number
}

/** Opens the diagnosis of a run. Replaying the stored rows and scores of a run gives the same findings. */
export function openDiagnosis(subject: Subject): Diagnosis {
  const course = startCourse(subject.layers)
  const watches = detectors
    .map((detector) => detector(subject))
    .filter((watch): watch is Watch => watch !== undefined)
  const standing = new Map<string, Standing>()

  function take(sightings: readonly Sighting[], step: number): Change[] {
    const changes: Change[] = []
    for (const sighting of sightings) {
      if (isSymptom(sighting)) continue
      const key = `${sighting.kind} ${sighting.layer ?? ''}`
      const known = standing.get(key)
      if (known && rankOf(known.finding) >= rankOf(sighting)) {
        known.lastSeen = step
        continue
      }
      // A kind that is known of another layer already says what is to be said.
      if (!known && ONE_LAYER.includes(sighting.kind)) {
        const other = [...standing.values()].find(({ finding }) => finding.kind === sighting.kind)
        if (other && rankOf(other.finding) >= rankOf(sighting)) {
          other.lastSeen = step
          continue
        }
      }
      const finding = { ...sighting, step, message: describe(sighting, step), advice: advise(sighting) }
      standing.set(key, { finding, lastSeen: step })
      changes.push({ type: 'found', finding })
    }
    return [...changes, ...promote(step)]
  }

  /** What another finding says already, nearer to the cause. */
  const isSymptom = ({ kind }: Sighting): boolean =>
    (SYMPTOMS_OF[kind] ?? []).some((cause) =>
      [...standing.values()].some(({ finding }) => finding.kind === cause && isAlarm(finding.severity))
    )

  /** What is no alarm by itself becomes one where something suffers from it. */
  function promote(step: number): Change[] {
    const suffers = (cause: Finding['cause']): boolean =>
      [...standing.values()].some(({ finding }) => finding.cause === cause && isAlarm(finding.severity))
    const changes: Change[] = []
    for (const [key, each] of [...standing])
      if (
        each.finding.kind.startsWith('unscaled') &&
        each.finding.severity === 'info' &&
        suffers('dataScale')
      ) {
        const finding: Finding = { ...each.finding, severity: 'warning', step }
        // It takes its place behind what suffers from it.
        standing.delete(key)
        standing.set(key, { finding, lastSeen: step })
        changes.push({ type: 'found', finding })
      }
    return changes
  }

  function withdraw(step: number): Change[] {
    return [...standing].flatMap(([key, { finding, lastSeen }]) => {
      if (LASTING.includes(finding.kind) || step - lastSeen < HOLD_STEPS) return []
      standing.delete(key)
      return [{ type: 'withdrawn' as const, finding, step }]
    })
  }

  return {
    begin: () =>
      take(
        watches.flatMap((watch) => watch.begin?.() ?? []),
        0
      ),
    look(row, number) {
      const step = seeStep(row, number)
      course.add(step)
      const changes = take(
        watches.flatMap((watch) => watch.look?.(step, course) ?? []),
        number
      )
      return [...changes, ...withdraw(number)]
    },
    score: (scores, step) =>
      take(
        watches.flatMap((watch) => watch.score?.(scores) ?? []),
        step
      ),
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
  'updateTooLarge',
  'nonFinite'
]

const rankOf = ({ severity }: Pick<Finding, 'severity'>): number => severities.indexOf(severity)
