import { Failure } from '#contract/failure'
import type { StopReason } from '#contract/run'

/** What the program's end tells the program that called it. */
export const ExitCode = {
  done: 0,
  internalError: 1,
  badInput: 2,
  stoppedByGuard: 3,
  noEngine: 4,
  interrupted: 130
} as const
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

/** Failures that are no fault of the input: a process of ours broke down. */
const breakdowns = ['run.crashed', 'run.workerCrashed', 'run.stopIgnored', 'run.closing', 'wire.closed']

/** The exit code of an error that ended a command. */
export function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof Failure)) return ExitCode.internalError
  if (error.kind === 'engine') return ExitCode.noEngine
  const isBreakdown = breakdowns.some((key) => error.key === key || error.key.startsWith(`${key}.`))
  return isBreakdown ? ExitCode.internalError : ExitCode.badInput
}

/** The exit code of a run that ended for a reason. */
export function exitCodeAfter(reason: StopReason): ExitCode {
  if (reason === 'guard') return ExitCode.stoppedByGuard
  return reason === 'interrupted' ? ExitCode.interrupted : ExitCode.done
}
