import { Failure } from '#contract/failure'

/** The value of an option that is a whole number of 1 or more. @throws Failure `terminal.notAPositiveInteger` */
export function positiveInteger(option: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new Failure('terminal.notAPositiveInteger', { option, text })
  return value
}
