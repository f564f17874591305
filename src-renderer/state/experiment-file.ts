import { parseExperiment, type Experiment } from '#contract/experiment'
import { Failure } from '#contract/failure'

/** The largest text that is taken for an experiment; the largest real ones have some ten thousand characters. */
const MOST_CHARACTERS = 5_000_000

/**
 * The experiment in a text, as a file of one holds it.
 * @throws Failure `window.experiment.tooLong`, `window.experiment.notJson`, or what is wrong with the experiment
 */
export function readExperiment(text: string): Experiment {
  if (text.length > MOST_CHARACTERS) throw new Failure('window.experiment.tooLong')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new Failure('window.experiment.notJson', { problem: error.message })
  }
  return parseExperiment(value)
}

/** The text of an experiment's file, for people to read and to send. */
export const writeExperiment = (experiment: unknown): string => `${JSON.stringify(experiment, null, 2)}\n`

/** A name for the file of an experiment: letters of any language, digits, and what is harmless in a file's name. */
export const fileNameOf = (name: string, otherwise: string): string =>
  name.replace(/[^\p{L}\p{N}_.-]+/gu, '-').replace(/^[.-]+|[.-]+$/g, '') || otherwise

/** The experiment in a file, if its content says that it is one; undefined for a file of another kind. */
export async function experimentIn(file: File): Promise<Experiment | undefined> {
  if (!file.name.toLowerCase().endsWith('.json') || file.size > MOST_CHARACTERS) return undefined
  const text = await file.text()
  return /"gradients"\s*:/.test(text) && /"model"\s*:/.test(text) ? readExperiment(text) : undefined
}
