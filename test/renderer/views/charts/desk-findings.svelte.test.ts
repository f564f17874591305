import type { FindingKind } from '#contract/health'
import { say } from '#contract/messages'
import { expect, test } from 'vitest'
import type { FindingGroup } from '../../../../src-renderer/state/findings'
import type { Session } from '../../../../src-renderer/state/session.svelte'
import { Speech } from '../../../../src-renderer/state/language.svelte'
import { DeskFindings } from '../../../../src-renderer/views/charts/desk-findings.svelte'

const group = (kind: FindingKind, layer?: string, more: Partial<FindingGroup> = {}): FindingGroup => ({
  key: `${kind} ${layer ?? ''}`,
  kind,
  layer,
  severity: 'warning',
  message: { key: 'finding.plateau', values: { loss: 2.3, guess: 2.3 } },
  firstStep: 1200,
  lastStep: 1200,
  count: 1,
  ...more
})

/** Findings of a run with two layers, and what the user looks at. */
function findingsOf(groups: FindingGroup[], looked?: string): DeskFindings {
  const run = { groups, layers: ['dense_1', 'dense_2'], choice: looked && { key: looked } }
  const speech = new Speech({ current: { language: 'en' } }, 'en')
  return new DeskFindings({ run } as unknown as Session, speech)
}

test('each chart has the findings that it can show', () => {
  const findings = findingsOf([
    group('vanishingGradient', 'dense_1'),
    group('learningRateTooHigh', 'dense_2'),
    group('plateau')
  ])
  const keys = (['loss', 'gradients', 'ratio'] as const).map((chart) =>
    findings.marks([chart]).map(({ key }) => key)
  )
  expect(keys).toEqual([['plateau '], ['vanishingGradient dense_1'], ['learningRateTooHigh dense_2']])
})

test('a mark knows its step and the place of its layer, and says the whole sentence', () => {
  const [mark] = findingsOf([group('deadUnits', 'dense_2', { severity: 'error' })]).marks(['gradients'])
  const sentence = say('en', 'finding.plateau', { loss: 2.3, guess: 2.3 })
  expect(mark).toMatchObject({
    step: 1200,
    layer: 1,
    severity: 'error',
    label: `Error, step 1,200: ${sentence}`,
    chosen: false
  })
})

test('what was withdrawn is not shown, unless the user looks at it', () => {
  const gone = group('plateau', undefined, { withdrawnAt: 1500 })
  const shown = [undefined, gone.key].map((looked) => findingsOf([gone], looked).listed(['loss']).items)
  expect(shown.map((items) => items.map(({ text, chosen }) => [text, chosen]))).toEqual([
    [],
    [['Plateau', true]]
  ])
})

test('the layer that the user looks at is told apart', () => {
  const dead = group('deadUnits', 'dense_2')
  expect([findingsOf([dead]).chosenLayer, findingsOf([dead], dead.key).chosenLayer]).toEqual([undefined, 1])
})
