import { Failure } from '#contract/failure'
import {
  describeSame,
  isAllBroken,
  type ExaminedSample,
  type ExaminedStep,
  type Replay,
  type StepRange
} from '#contract/replay'
import type { Command } from '../arguments'
import type { RunCommand } from '../context'
import { ExitCode } from '../exit-codes'
import { shortest } from '../json-line'
import { measureLines } from '../measure-lines'
import { rounded } from '../numbers'
import type { Output } from '../output'
import { findRun } from '../run-reference'
import { stepLines, type StepLine } from '../step-lines'
import { watchWork } from '../watch-work'
import { tableLines } from '../width'

/** Samples of a step that people are told of. */
const TOLD_SAMPLES = 10
/** The work of this program's one replay. */
const WORK = 'replay'

/** `replay RUN`: steps of a run again, with everything measured, and the samples of those that broke. */
export const replay: RunCommand = async (command, context) => {
  const { output, call } = context
  const run = await findRun(command.taken[0], context)
  const steps = stepsOf(command)
  watchWork(context, WORK)
  const told = await call('run.replay', { run, ...(steps && { steps }), work: WORK })
  const lines = stepLines(
    { ...told, first: told.from, count: told.to - told.from + 1, values: told.rows },
    told.layers
  )
  const measured = measureLines(
    { first: 1, count: lines.length, width: told.measuredWidth, values: told.measures },
    told.measured
  )
  lines.forEach((line, index) => {
    const found = told.examined.find(({ step }) => step === line.step)
    output.json('step', {
      ...line,
      measured: measured[index].layers,
      ...(found && { examined: examinedOf(told, found) })
    })
  })
  tellReplay(output, told, lines)
  const { from, to, start, engine, engineBefore, compared, states, same, firstDifferent } = told
  output.json('summary', {
    run,
    from,
    to,
    start,
    engine: engine.name,
    engineBefore: engineBefore.name,
    compared,
    states,
    same,
    ...(firstDifferent !== undefined && { firstDifferent }),
    examined: told.examined.map(({ step, reason, samples }) => ({
      step,
      reason,
      samples: samples.slice(0, TOLD_SAMPLES).map(({ sample }) => sample)
    }))
  })
  return ExitCode.done
}

/** The range that `--steps A:B` names. @throws Failure `replay.badSteps` */
function stepsOf({ options: { steps } }: Command): StepRange | undefined {
  if (steps === undefined) return undefined
  const match = /^(\d{1,15}):(\d{1,15})$/.exec(steps)
  if (!match) throw new Failure('replay.badSteps', { text: steps })
  return { from: Number(match[1]), to: Number(match[2]) }
}

/** A step whose samples were looked at, as programs are told of it. */
const examinedOf = (
  { part, classes }: Replay,
  { reason, count, rankedBy, usual, samples }: ExaminedStep
): object => ({
  reason,
  part,
  count,
  rankedBy,
  usual: shortest(usual),
  samples: samples.map((sample) => ({
    ...sample,
    target: named(sample.target, classes),
    output: named(sample.output, classes),
    loss: shortest(sample.loss)
  }))
})

/** The name of a class, or numbers. */
const named = (values: readonly number[], classes: readonly string[] | undefined): string | number[] =>
  classes ? (classes[values[0]] ?? 'NaN') : values.map(shortest)

function tellReplay(output: Output, told: Replay, lines: readonly StepLine[]): void {
  const { say, tell } = output
  const { from, to, start, engine } = told
  const begin = say(`replay.start.${start.kind}`, { step: start.step })
  tell(say('replay.told', { from, to, engine: engine.name, start: begin }))
  const rows = lines.map(({ step, loss, gradientNorm, layers, refused }) => [
    String(step),
    rounded(loss),
    rounded(gradientNorm.before),
    rounded(Math.max(...Object.values(layers).map(({ ratio = 0 }) => ratio))),
    refused ? say('replay.refused') : ''
  ])
  const head = [say('replay.step'), say('replay.loss'), say('replay.gradient'), say('replay.update'), '']
  tableLines([head, ...rows]).forEach(tell)
  for (const step of told.examined) tellExamined(output, told, step)
  const { key, values } = describeSame(told)
  tell(say(key, values))
}

function tellExamined({ say, tell }: Output, { classes }: Replay, found: ExaminedStep): void {
  const { step, reason, count, rankedBy, usual, samples } = found
  tell('')
  tell(say(`replay.reason.${reason}`, { step }))
  tell(say(`replay.rankedBy.${rankedBy}`, { count, usual: rounded(usual) }))
  if (isAllBroken(found)) tell(say('replay.samples.all'))
  const cell = (values: readonly number[]): string => {
    const value = named(values, classes)
    return typeof value === 'string' ? value : value.map(rounded).join(' ')
  }
  const row = ({ sample, target, output, loss, gradient }: ExaminedSample): string[] => [
    String(sample),
    cell(target),
    cell(output),
    rounded(loss),
    gradient === undefined ? '–' : rounded(gradient)
  ]
  const head = (['sample', 'target', 'output', 'loss', 'gradient'] as const).map((column) =>
    say(`replay.${column}`)
  )
  tableLines([head, ...samples.slice(0, TOLD_SAMPLES).map(row)]).forEach(tell)
}
