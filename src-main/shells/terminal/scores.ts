import type { ClassScore } from '#contract/look'
import type { Score, Scores } from '#contract/run'
import { percent } from './numbers'
import type { Output } from './output'
import { shortened, tableLines } from './width'

/** Columns of the terminal for the name of a class. */
const NAME_WIDTH = 28

/** Loss and what else is known of a score, in words. */
export function describeScore({ say }: Output, { loss, accuracy, top5, mae, r2 }: Score): string {
  if (accuracy !== undefined) {
    const shares = { loss, accuracy: percent(accuracy) }
    return top5 === undefined
      ? say('terminal.score.classified', shares)
      : say('terminal.score.top5', { ...shares, top5: percent(top5) })
  }
  if (mae === undefined) return say('terminal.score.loss', { loss })
  return r2 === undefined
    ? say('terminal.score.error', { loss, mae })
    : say('terminal.score.numbers', { loss, mae, r2 })
}

/** How a classifier does on each class, as lines of a table. */
export function describeClasses({ say }: Output, classes: readonly ClassScore[]): string[] {
  const columns = (['samples', 'precision', 'recall', 'f1'] as const).map((each) =>
    say(`terminal.classes.${each}`)
  )
  const share = (value: number | undefined): string => (value === undefined ? '–' : `${percent(value)} %`)
  return tableLines([
    [say('terminal.classes'), ...columns],
    ...classes.map(({ name, samples, precision, recall, f1 }) => [
      shortened(name, NAME_WIDTH),
      String(samples),
      share(precision),
      share(recall),
      share(f1)
    ])
  ])
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

/** A length of time in words, whole seconds at the smallest. */
export function describeDuration({ say }: Output, seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const minutes = Math.floor(whole / 60)
  if (minutes === 0) return say('terminal.seconds', { seconds: whole })
  if (minutes < 60) return say('terminal.minutes', { minutes, seconds: String(whole % 60) })
  return say('terminal.hours', { hours: Math.floor(minutes / 60), minutes: String(minutes % 60) })
}
