import { requireOption } from '../arguments'
import type { RunCommand } from '../context'
import { ExitCode } from '../exit-codes'
import { findRun } from '../run-reference'
import { percent } from '../numbers'
import { resolve } from 'node:path'

/** `predict RUN --input F`: what a stored model answers for each sample of a file. */
export const predict: RunCommand = async (command, context) => {
  const { world, output, call } = context
  const input = resolve(world.folder, requireOption(command, 'input'))
  const run = await findRun(command.taken[0], context)
  const { count, outputs, size, classes } = await call('run.predict', { run, input })
  for (let index = 0; index < count; index++) {
    const answer = outputs.subarray(index * size, (index + 1) * size)
    if (classes) {
      const best = answer.indexOf(Math.max(...answer))
      // No output is the largest where one is NaN.
      const name = classes[best] ?? '?'
      const share = percent(answer[best] ?? NaN)
      output.tell(output.say('terminal.predicted.class', { index: String(index), name, share }))
      output.json('prediction', { index, class: classes[best] ?? null, outputs: answer })
    } else {
      output.tell(
        output.say('terminal.predicted.numbers', { index: String(index), numbers: answer.join(', ') })
      )
      output.json('prediction', { index, outputs: answer })
    }
  }
  output.json('summary', { run, input, count })
  return ExitCode.done
}
