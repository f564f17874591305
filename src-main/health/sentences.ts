import type { Message, MessageValues } from '#contract/messages'
import type { Sighting } from './detector'

/** What a finding says: what is to be seen, where, and the numbers that show it. */
export const describe = ({ kind, layer, evidence }: Sighting, step: number): Message => ({
  key: `finding.${kind}`,
  values: { ...valuesOf(evidence), step, ...(layer !== undefined && { layer }) }
})

/** What would help against its cause. */
export const advise = ({ kind, cause, layer }: Sighting): Message => ({
  key: kind === 'learningRateTooLow' ? 'finding.advice.learningRateTooLow' : `finding.advice.${cause}`,
  values: layer === undefined ? {} : { layer }
})

/** Numbers as a person reads them: three digits are enough to judge by. */
const valuesOf = (evidence: Sighting['evidence']): MessageValues =>
  Object.fromEntries(
    Object.entries(evidence).map(([name, value]) => [
      name,
      Number.isFinite(value) ? Number(value.toPrecision(3)) : String(value)
    ])
  )
