import type { Message } from '#contract/messages'
import type { RunEventOf } from '#contract/run'
import type { Severity } from '#contract/health'

/** The same thing noticed about a layer, once or again and again. */
export interface FindingGroup {
  key: string
  layer: string | undefined
  severity: Severity
  /** What was said last. */
  message: Message
  firstStep: number
  lastStep: number
  count: number
}

/**
 * Findings and refusals of the guard by layer and cause, the newest first. A refusal is left out where a finding of
 * the same step says the same. Checkpoints that were passed over are among them.
 */
export function groupFindings(
  findings: readonly RunEventOf<'finding'>[],
  refusals: readonly RunEventOf<'guard'>[],
  passedOver: readonly RunEventOf<'passedOver'>[] = []
): FindingGroup[] {
  const found = findings.map(({ finding }) => ({
    ...finding,
    key: `${finding.kind} ${finding.layer} ${finding.cause}`
  }))
  const said = new Set(found.map(({ step, message }) => `${step} ${message.key}`))
  const refused = refusals
    .filter(({ step, message }) => !said.has(`${step} ${message.key}`))
    .map(({ step, layer, tensor, reason, message, action }) => ({
      key: `guard ${tensor} ${reason}`,
      layer,
      step,
      message,
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
  for (const { key, layer, step, severity, message } of [...found, ...refused, ...lost].sort(
    (a, b) => a.step - b.step
  )) {
    const group = groups.get(key)
    groups.set(key, {
      key,
      layer,
      severity,
      message,
      firstStep: group?.firstStep ?? step,
      lastStep: step,
      count: (group?.count ?? 0) + 1
    })
  }
  return [...groups.values()].sort((a, b) => b.lastStep - a.lastStep)
}
