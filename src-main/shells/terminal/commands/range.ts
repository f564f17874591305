import { Failure } from '#contract/failure'
import { FEWEST_RANGE_STEPS, MOST_RANGE_STEPS, type RateRange, type RateTest } from '#contract/range'
import type { Command } from '../arguments'
import type { RunCommand } from '../context'
import { ExitCode } from '../exit-codes'
import { readExperimentFile } from '../experiment-file'
import { rounded } from '../numbers'
import type { Output } from '../output'
import { watchWork } from '../watch-work'
import { tableLines } from '../width'

/** Nothing else is asked under a name here. */
const WORK = 'range'

/** `range <experiment.json | preset>`: how the loss goes while the learning rate grows, and which rate to take. */
export const range: RunCommand = async (command, context) => {
  const { output, call } = context
  const asked = readRange(command)
  const experiment = await readExperimentFile(command.taken[0], command.set, context)
  watchWork(context, WORK)
  const test = await call('experiment.range', { experiment, ...asked, work: WORK })
  const { points, suggestion, ...about } = test
  points.forEach((point, index) => output.json('rate', { step: index + 1, ...point }))
  describeTest(output, test).forEach(output.tell)
  output.json('summary', { ...about, steps: points.length, suggestion: suggestion ?? null })
  return ExitCode.done
}

/** The options, where they are given; the rest is as the workbench has it. @throws Failure `terminal.*` */
function readRange({ options }: Command): Partial<RateRange> {
  const { from, to, steps } = options
  return {
    ...(from !== undefined && { from: positive('--from', from) }),
    ...(to !== undefined && { to: positive('--to', to) }),
    ...(steps !== undefined && { steps: stepsIn(steps) })
  }
}

function positive(option: string, text: string): number {
  const value = Number(text)
  if (!(value > 0 && Number.isFinite(value)))
    throw new Failure('terminal.notAPositiveNumber', { option, text })
  return value
}

function stepsIn(text: string): number {
  const value = Number(text)
  if (!(Number.isInteger(value) && value >= FEWEST_RANGE_STEPS && value <= MOST_RANGE_STEPS))
    throw new Failure('terminal.notWithin', {
      option: '--steps',
      text,
      lowest: FEWEST_RANGE_STEPS,
      highest: MOST_RANGE_STEPS
    })
  return value
}

function describeTest({ say }: Output, { points, ended, suggestion }: RateTest): string[] {
  const columns = (['step', 'rate', 'loss', 'smoothed'] as const).map((each) => say(`terminal.range.${each}`))
  const rows = points.map(({ rate, loss, smoothed }, index) => [
    String(index + 1),
    ...[rate, loss, smoothed].map(rounded)
  ])
  const last = points.at(-1)
  return [
    ...tableLines([columns, ...rows]),
    ...(ended !== 'completed' && last ? [say(`terminal.range.${ended}`, { rate: rounded(last.rate) })] : []),
    suggestion
      ? say('terminal.range.suggestion', {
          valley: rounded(suggestion.valley),
          steepest: rounded(suggestion.steepest),
          largestStable: rounded(suggestion.largestStable)
        })
      : say('terminal.range.none')
  ]
}
