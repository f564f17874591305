import { Failure } from '#contract/failure'
import type { WorkbenchEvent } from '#contract/events'
import type { Finding } from '#contract/health'
import type { BatchPlace } from '#contract/refusal'
import type { RunEvent, RunEventOf, RunProgress, RunSummary } from '#contract/run'
import type { StepBatch } from '#contract/step-rows'
import type { Context } from './context'
import { exitCodeAfter, type ExitCode } from './exit-codes'
import type { Output } from './output'
import type { Shown } from './progress'
import { measureLines } from './measure-lines'
import { percent } from './numbers'
import { describeDuration, describeScores } from './scores'
import { stepLines, type StepLine } from './step-lines'

/**
 * Tells everything that happens to the one run of this program; settles when the run has ended, with the exit code,
 * or rejects with the reason why it broke off.
 */
export function watchRun({ output, on }: Context): Promise<ExitCode> {
  let layers: string[] = []
  let measured: string[] = []
  let last: StepLine | undefined
  let isRefused = false

  function tellSteps(batch: StepBatch): void {
    const steps = stepLines(batch, layers)
    for (const step of steps) output.json('step', step)
    last = steps.at(-1)
  }

  return new Promise((resolve, reject) => {
    const handle = (event: WorkbenchEvent): void => {
      if (event.type === 'run.steps') tellSteps(event.batch)
      if (event.type === 'run.measures')
        for (const line of measureLines(event.batch, measured)) output.json('measures', line)
      if (event.type === 'run.progress') output.progress(describeProgress(output, event.progress, last))
      if (event.type === 'run.failed') reject(reasonOf(output, event))
      if (event.type !== 'run.event') return
      if (event.event.type === 'started') {
        layers = event.event.layers
        measured = event.event.measured ?? []
      }
      tellEvent(output, event.event, !isRefused)
      isRefused ||= event.event.type === 'guard'
      if (event.event.type === 'ended') resolve(exitCodeAfter(event.event.summary.stopped))
    }
    on(handle)
  })
}

function tellEvent(output: Output, event: RunEvent, isFirstRefusal: boolean): void {
  const { tell } = output
  switch (event.type) {
    case 'started':
      output.json('started', event)
      return tellStart(output, event)
    case 'epoch': {
      const { scores, ...rest } = event
      output.json('epoch', { ...rest, ...scores })
      const values = { epoch: event.epoch, seconds: describeDuration(output, event.seconds) }
      return tell(output.say('terminal.epoch', { ...values, scores: describeScores(output, scores) }))
    }
    case 'finding':
      output.json('finding', { ...event.finding, layer: event.finding.layer ?? null })
      return describeFinding(output, event.finding).forEach(tell)
    case 'withdrawn':
      output.json('withdrawn', { ...event, layer: event.layer ?? null })
      return tell(
        output.say('terminal.withdrawn', {
          step: event.step,
          kind: output.say(`finding.kind.${event.kind}`)
        })
      )
    case 'guard':
      output.json('guard', event)
      return tellRefusal(output, event, isFirstRefusal)
    case 'passedOver':
      output.json('passedOver', event)
      return tell(output.say(event.message.key, event.message.values))
    case 'fedInPlace':
      output.json('fedInPlace', event)
      return tell(output.say(event.reason.key, event.reason.values))
    case 'changed':
      output.json('changed', event)
      return tell(
        output.say('terminal.changed', {
          step: event.step,
          path: event.path,
          value: JSON.stringify(event.to)
        })
      )
    case 'ended':
      tellEnd(output, event.summary)
      return output.json('summary', summaryOf(event.summary))
    case 'notice':
      output.json('notice', event)
      return tell(output.say(event.message.key, event.message.values))
    default:
      output.json(event.type, event)
      // Why something is done the slower way.
      if ('reason' in event && typeof event.reason === 'object')
        tell(output.say(event.reason.key, event.reason.values))
  }
}

function tellStart({ tell, say }: Output, event: RunEventOf<'started'>): void {
  const { name, library, threads, reason, advice } = event.engine
  tell(say('terminal.engine', { engine: name, library, threads }))
  if (reason) tell(say('terminal.engine.reason', { reason: say(reason.key, reason.values) }))
  if (advice) tell(say('terminal.engine.advice', { advice: say(advice.key, advice.values) }))
  const { train, validation, test } = event.samples
  for (const { use, unit, ...counts } of event.cleaned ?? [])
    tell(say(`terminal.cleaned.${unit}`, { word: say(`vocabulary.${use}`), ...counts }))
  tell(say('terminal.samples', { train, validation, test, parameters: event.model.parameters }))
  if (event.resumedFrom !== undefined) tell(say('terminal.resumed', { step: event.resumedFrom }))
}

/** A finding says the reason; what is left to say is what the run did about it, and the samples. */
function tellRefusal(
  { say, tell }: Output,
  { step, action, reason, message, batch }: RunEventOf<'guard'>,
  isFirst: boolean
): void {
  if (message.key !== `training.guard.${reason}`) tell(say(message.key, message.values))
  // That of a rollback has them; and many steps may be left out.
  if (!batch || action === 'rollback' || (action === 'skip' && !isFirst)) return
  tell(say(`terminal.refused.${action}`, { step, ...samplesIn(batch) }))
}

/** The samples of a batch as people count them. */
const samplesIn = ({ epoch, offset, count }: BatchPlace) => ({
  first: offset + 1,
  last: offset + count,
  epoch: epoch + 1
})

function tellEnd(output: Output, summary: RunSummary): void {
  const { tell, say } = output
  const { steps, seconds, stepMilliseconds, run, stopped } = summary
  const speed = {
    steps,
    duration: describeDuration(output, seconds),
    milliseconds: Number(stepMilliseconds.toPrecision(3))
  }
  tell(say(`terminal.ended.${stopped}`, speed))
  const { refused, rollbacks, firstRefused } = summary
  if (firstRefused) {
    const { step, layer, batch } = firstRefused
    tell(say('terminal.refused', { refused, rollbacks, step, layer, ...samplesIn(batch) }))
  }
  const scores = describeScores(output, summary)
  if (scores !== '') tell(scores)
  tell(
    say(stopped === 'interrupted' || stopped === 'stopped' ? 'terminal.goOn' : 'terminal.storedIn', { run })
  )
}

/** What was found, and what would help. */
export const describeFinding = ({ say }: Output, { severity, message, advice }: Finding): string[] => [
  say(`terminal.finding.${severity}`, { message: say(message.key, message.values) }),
  say('terminal.advice', { advice: say(advice.key, advice.values) })
]

const summaryOf = (summary: RunSummary): object => ({
  ...summary,
  findings: summary.findings.map((finding) => ({ ...finding, layer: finding.layer ?? null }))
})

function describeProgress(output: Output, progress: RunProgress, last: StepLine | undefined): Shown {
  const { say } = output
  const { step, steps, stepsPerSecond, secondsLeft, activity } = progress
  if (activity) return { facts: [say(activity.key, activity.values)] }
  const facts = [say('terminal.progress.step', { step, steps })]
  if (progress.state === 'paused') facts.push(say('terminal.progress.paused'))
  if (last) {
    facts.push(say('terminal.progress.loss', { loss: last.loss }))
    if (last.accuracy !== undefined)
      facts.push(say('terminal.progress.accuracy', { accuracy: percent(last.accuracy) }))
    if (last.mae !== undefined) facts.push(say('terminal.progress.error', { mae: last.mae }))
    facts.push(say('terminal.progress.gradient', { norm: last.gradientNorm.before }))
  }
  if (secondsLeft !== undefined)
    facts.push(say('terminal.progress.left', { duration: describeDuration(output, secondsLeft) }))
  facts.push(say('terminal.progress.speed', { speed: Number(stepsPerSecond.toPrecision(3)) }))
  if (last) facts.push(say('terminal.progress.rate', { rate: last.rate }))
  return { ...(steps > 0 && { share: step / steps }), facts }
}

type Broken = Extract<WorkbenchEvent, { type: 'run.failed' }>

/** Why a run broke off, as an error with the exit code that belongs to it. */
export function reasonOf(output: Output, { message, kind, stack }: Broken): Error {
  if (kind !== 'bug') return new Failure(message.key, message.values, kind === 'engine' ? 'engine' : 'input')
  const bug = new Error(output.say(message.key, message.values))
  if (stack !== undefined) bug.stack = stack
  return bug
}
