import type { RunCommand } from '../context'
import { ExitCode } from '../exit-codes'
import { findRun } from '../run-reference'
import { describeClasses, describeScores } from '../scores'

/** `evaluate RUN`: how good a stored model is on every part of its data, and a classifier on each class of the test. */
export const evaluate: RunCommand = async ({ taken }, context) => {
  const { output, call } = context
  const run = await findRun(taken[0], context)
  const { scores, classScores, engine, step } = await call('run.evaluate', { run })
  output.tell(output.say('terminal.evaluated', { step, engine }))
  output.tell(describeScores(output, scores))
  if (classScores) describeClasses(output, classScores).forEach(output.tell)
  output.json('summary', { run, engine, step, ...scores, ...(classScores && { classes: classScores }) })
  return ExitCode.done
}
