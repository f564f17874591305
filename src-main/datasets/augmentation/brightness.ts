import { held, within, type SampleWord } from './word'

/** Adds one number to all values. */
export const brightness: SampleWord<'brightness'> = ({ by }, values, form, random) => {
  const added = within(by, random)
  return values.map((value) => held(value + added, form))
}
