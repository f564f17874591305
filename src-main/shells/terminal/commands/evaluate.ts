import type { RunCommand } from '../context'
import { ExitCode } from '../exit-codes'
import { findRun } from '../run-reference'
import { describeScores } from '../scores'

/** `evaluate RUN`: loss and accuracy of a stored model on every part of its data. */
export const evaluate: RunCommand = async ({ taken }, context) => {
  const { output, call } = context
  const run = await findRun(taken[0], context)
  const { scores, engine, step } = await call('run.evaluate', { run })
  output.tell(output.say('terminal.evaluated', { step, engine }))
  output.tell(describeScores(output, scores))
  output.json('summary', { run, engine, step, ...scores })
  return ExitCode.done
}
