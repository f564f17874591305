import { isMessageKey, type MessageKey, type MessageValues } from '#contract/messages'
import type { StudyRun } from '#contract/study'
import type { Cell } from './cells'

type Say = (key: MessageKey, values?: MessageValues) => string

/** What a case is called: the vocabulary's name where its label is a word, else the label itself. */
export function caseText(label: string, say: Say): string {
  const key = `vocabulary.${label}`
  return isMessageKey(key) ? say(key) : label
}

/** What an axis is called. */
export function axisText(name: string, say: Say): string {
  const key = `learn.axis.${name}`
  return isMessageKey(key) ? say(key) : name
}

/** What a cell is called, such as “Sigmoid · Glorot · 10”. */
export const cellText = ({ labels }: Cell, say: Say): string =>
  labels.map((label) => caseText(label, say)).join(' · ')

/** What diagnosis and guard said of the runs of a cell, with the share of runs of which it was said. */
export function diagnosisText({ runs }: Cell, say: Say): string {
  if (runs.length === 0) return '–'
  const counted = (text: string, says: (run: StudyRun) => boolean): string => {
    const count = runs.filter(says).length
    return count === runs.length ? text : `${text} ${count}/${runs.length}`
  }
  const kinds = [...new Set(runs.flatMap(({ findings }) => findings))]
  const said = kinds.map((kind) =>
    counted(say(`finding.kind.${kind}`), ({ findings }) => findings.includes(kind))
  )
  const isStopped = ({ stopped }: StudyRun): boolean => stopped === 'guard'
  if (runs.some(isStopped)) said.unshift(counted(say('learn.stoppedByGuard'), isStopped))
  return said.length === 0 ? say('learn.nothingFound') : said.join(', ')
}
