import type { Tensor } from '@tensorflow/tfjs-core'
import type { ProgramResult } from './compiler'

/** A record with something else under each name. */
export const mapRecord = <From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From, name: string) => To
): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]))

/** The same with every tensor of a program's result. */
export const mapResult = (
  { outputs, state, accepted }: ProgramResult,
  change: (tensor: Tensor) => Tensor
): ProgramResult => ({
  outputs: outputs.map(change),
  ...(state && { state: mapRecord(state, change) }),
  ...(accepted && { accepted: change(accepted) })
})
