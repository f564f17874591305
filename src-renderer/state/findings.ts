import { findingKinds, severities, type Finding, type FindingKind, type Severity } from '#contract/health'
import type { Message } from '#contract/messages'
import type { BatchPlace } from '#contract/refusal'
import type { RunEventOf } from '#contract/run'

/** The same thing noticed about a layer, once or again and again. */
export interface FindingGroup {
  key: string
  /** Absent for a refusal that no finding speaks of. */
  kind?: FindingKind
  layer: string | undefined
  severity: Severity
  /** What was said last, */
  message: Message
  /** and what would help. */
  advice?: Message
  /** The numbers that show it. */
  evidence?: Finding['evidence']
  firstStep: number
  lastStep: number
  count: number
  /** The samples of the last step, where the guard refused it. */
  batch?: BatchPlace
  /** Step at which it was not to be seen any more. */
  withdrawnAt?: number
}

/** The kind of the finding that speaks of a refused step. */
const kindOfRefusal = (reason: RunEventOf<'guard'>['reason']): FindingKind =>
  reason === 'updateRatio' ? 'updateTooLarge' : 'nonFinite'

/**
 * Findings and refusals of the guard by kind and layer: what stands before what was withdrawn, the worst first, and
 * causes before their symptoms. A refusal is left out where a finding says the same with more words; what the guard did
 * besides is said. Checkpoints that were passed over are among them.
 */
export function groupFindings(
  findings: readonly RunEventOf<'finding'>[],
  refusals: readonly RunEventOf<'guard'>[],
  withdrawals: readonly RunEventOf<'withdrawn'>[],
  passedOver: readonly RunEventOf<'passedOver'>[]
): FindingGroup[] {
  const batchOf = ({ kind, step }: { kind: FindingKind; step: number }): BatchPlace | undefined =>
    refusals.find((refusal) => refusal.step === step && kindOfRefusal(refusal.reason) === kind)?.batch
  const found = findings.map(({ finding }) => ({
    ...finding,
    key: keyOf(finding),
    batch: batchOf(finding)
  }))
  const isSaid = ({ step, reason, message }: RunEventOf<'guard'>): boolean =>
    message.key === `training.guard.${reason}` &&
    found.some(({ kind, step: at }) => kind === kindOfRefusal(reason) && at <= step)
  const refused = refusals
    .filter((refusal) => !isSaid(refusal))
    .map(({ step, layer, tensor, reason, message, action, batch }) => ({
      key: `guard ${tensor} ${reason}`,
      layer,
      step,
      message,
      // That of a rollback names them itself.
      batch: action === 'rollback' ? undefined : batch,
      severity: action === 'stop' ? ('critical' as const) : ('error' as const)
    }))
  const lost = passedOver.map(({ step, message }) => ({
    key: `passedOver ${message.values?.lost}`,
    layer: undefined,
    step,
    message,
    severity: 'warning' as const
  }))
  const groups = new Map<string, FindingGroup>()
  for (const { key, step, ...said } of [...found, ...refused, ...lost].sort((a, b) => a.step - b.step)) {
    const group = groups.get(key)
    const { layer, severity, message } = said
    groups.set(key, {
      key,
      layer,
      severity,
      message,
      ...('kind' in said && { kind: said.kind, advice: said.advice, evidence: said.evidence }),
      ...('batch' in said && said.batch && { batch: said.batch }),
      firstStep: group?.firstStep ?? step,
      lastStep: step,
      count: (group?.count ?? 0) + 1
    })
  }
  for (const { step, ...of } of withdrawals) {
    const group = groups.get(keyOf(of))
    if (group && group.lastStep <= step) group.withdrawnAt = step
  }
  return [...groups.values()].sort(byWeight)
}

const keyOf = ({ kind, layer }: { kind: FindingKind; layer?: string | undefined }): string =>
  `${kind} ${layer ?? ''}`

function byWeight(a: FindingGroup, b: FindingGroup): number {
  const isGone = ({ withdrawnAt }: FindingGroup): number => Number(withdrawnAt !== undefined)
  const rank = ({ severity }: FindingGroup): number => severities.indexOf(severity)
  const place = ({ kind }: FindingGroup): number => (kind ? findingKinds.indexOf(kind) : findingKinds.length)
  return isGone(a) - isGone(b) || rank(b) - rank(a) || place(a) - place(b)
}

/** The worst finding that stands about a layer, or about one inside of it; undefined where there is none. */
export const findingAbout = (
  groups: readonly FindingGroup[],
  layer: string,
  inside = true
): FindingGroup | undefined =>
  groups.find(
    ({ layer: of, withdrawnAt }) =>
      withdrawnAt === undefined && (of === layer || (inside && of?.startsWith(`${layer}/`)))
  )
