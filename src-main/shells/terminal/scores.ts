import type { Score, Scores } from '#contract/run'
import type { Output } from './output'

/** Loss and, for classification, accuracy in words. */
export function describeScore({ say }: Output, { loss, accuracy }: Score): string {
  if (accuracy === undefined) return say('terminal.score.loss', { loss })
  return say('terminal.score.classified', { loss, accuracy: percent(accuracy) })
}

/** What is known of each part of the data, in words. */
export function describeScores(output: Output, { train, validation, test }: Scores): string {
  const parts = [
    train && output.say('terminal.score.train', { score: describeScore(output, train) }),
    validation && output.say('terminal.score.validation', { score: describeScore(output, validation) }),
    test && output.say('terminal.score.test', { score: describeScore(output, test) })
  ]
  return parts.filter((part) => part !== undefined).join(' · ')
}

/** A share as per cent with two decimals, without the sign. */
export const percent = (share: number): string => (share * 100).toFixed(2)

/** A length of time in words, whole seconds at the smallest. */
export function describeDuration({ say }: Output, seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const minutes = Math.floor(whole / 60)
  if (minutes === 0) return say('terminal.seconds', { seconds: whole })
  if (minutes < 60) return say('terminal.minutes', { minutes, seconds: String(whole % 60) })
  return say('terminal.hours', { hours: Math.floor(minutes / 60), minutes: String(minutes % 60) })
}
