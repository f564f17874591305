import type { Message } from '#contract/messages'
import { NotCompilable } from '../engine/compile/compiler'
import { Differs } from './agreement'
import type { ProgramKind } from './program-functions'

/** Why programs of a kind run kernel after kernel after an error; undefined for one that is no reason for that. */
export function whyEager(kind: ProgramKind, error: unknown): Message | undefined {
  if (error instanceof NotCompilable) {
    const { reason, detail } = error
    return { key: `training.eager.${kind}.${reason}`, ...(reason === 'refused' && { values: { detail } }) }
  }
  if (error instanceof Differs)
    return { key: `training.eager.${kind}.differs`, values: { tensor: error.tensor } }
  return undefined
}
