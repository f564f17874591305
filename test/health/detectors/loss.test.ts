import { expect, test } from 'vitest'
import { openDiagnosis } from '../../../src-main/health/diagnose'
import { experimentWith, found, see, subjectWith, tell, type SaidStep } from '../rows'

const layer = { use: 'dense', units: 10, activation: 'relu', initializer: { use: 'heNormal' } } as const
const names = ['dense_1', 'dense_2']
const subject = subjectWith(experimentWith([layer, { use: 'dense', units: 10 }]), names)
const gradients = [1, 1]
const falling = (step: number): number => 0.3 + 2 * 0.98 ** step
const learning = (step: number): SaidStep => ({ loss: falling(step), gradients })
const stuck = (): SaidStep => ({ loss: 2.3, gradients })

const kindsOf = (said: string[]): string[] => said.map((each) => each.split(' ')[0])
/** What is withdrawn when a run learns after so many steps of something else. */
function withdrawnAfter(steps: number, say: (step: number) => SaidStep): string[] {
  const diagnosis = openDiagnosis(subject)
  see(diagnosis, 1, steps, say)
  const changes = see(diagnosis, steps + 1, 600, (step) => learning(step - steps))
  return changes.filter(({ type }) => type === 'withdrawn').map(({ finding }) => finding.kind)
}

test('a first loss far above that of a guess is bad, and one near it is not', () => {
  expect(found(subject, 1, () => ({ loss: 50, gradients }))).toEqual(['badInitialLoss – learningRate'])
  expect(found(subject, 1, () => ({ loss: 3, gradients }))).toEqual([])
})

const spiked =
  (moved: number, steps: number) =>
  (step: number): SaidStep =>
    step > 40 && step <= 40 + steps
      ? { loss: 30, gradients: [20, 20], updates: [10 * moved, 10 * moved] }
      : learning(step)

test('a loss that jumps with its gradient out of calm steps, and does not come back, is a spike of a bad batch', () => {
  expect(found(subject, 60, spiked(0.05, 20))).toContain('lossSpike – badBatch')
})

test('a spike that is over at once and moved little is no alarm', () => {
  expect(found(subject, 60, spiked(0.05, 1))).toEqual([])
})

const rising = (step: number): SaidStep =>
  step <= 60 ? learning(step) : { loss: falling(60) * 1.05 ** (step - 60), gradients }

test('a loss that rises and stays up diverges, and no more when it has come down for long', () => {
  expect(kindsOf(found(subject, 120, rising))).toEqual(['divergence'])
  expect(withdrawnAfter(120, rising)).toEqual(['divergence'])
})

test('a loss that rises once and lands lower does not diverge', () => {
  const catapult = (step: number): SaidStep => ({
    loss: step > 40 && step <= 48 ? 3 : falling(step),
    gradients
  })
  expect(found(subject, 300, catapult)).toEqual([])
})

test('a loss that stays at that of a guess for half of the run, but for the noise, is a plateau', () => {
  const noisy = (step: number): SaidStep => ({ loss: 2.3 + 0.06 * Math.sin(step), gradients })
  expect(found(subject, 490, noisy)).toEqual([])
  expect(kindsOf(found(subject, 520, noisy))).toEqual(['plateau'])
  expect(withdrawnAfter(520, stuck)).toEqual(['plateau'])
})

const short = (): SaidStep => ({ gradients, updates: [1e-6, 1e-6] })

test('steps that are too short are withdrawn when they have been long for a while', () => {
  expect(withdrawnAfter(60, short)).toEqual(['learningRateTooLow'])
})

test('short steps are not too short where the loss has fallen', () => {
  const finished = (step: number): SaidStep => ({ ...short(), loss: 2.3 * 0.9 ** step })
  expect(found(subject, 200, finished)).toEqual([])
})

test('overfitting that is over is withdrawn', () => {
  const diagnosis = openDiagnosis(subject)
  const heldOut = [0.5, 0.6, 0.7, 0.8]
  heldOut.forEach((loss, epoch) => diagnosis.score({ train: { loss: 0.1 }, test: { loss } }, epoch + 1))
  expect(kindsOf(tell(diagnosis))).toEqual(['overfitting'])
  diagnosis.score({ train: { loss: 0.1 }, test: { loss: 0.2 } }, 5)
  const changes = see(diagnosis, 6, 300, learning)
  expect(changes.map(({ type, finding }) => `${type} ${finding.kind}`)).toEqual(['withdrawn overfitting'])
})

test('targets far from unit scale are no alarm where the run learns', () => {
  const numbers = subjectWith(
    experimentWith([layer, { use: 'dense', units: 1 }], { loss: { use: 'meanSquaredError' } }),
    names,
    { classes: undefined, targetScale: 100, targetVariance: 9000 }
  )
  const diagnosis = openDiagnosis(numbers)
  diagnosis.begin()
  see(diagnosis, 1, 300, (step) => ({ loss: 9000 * 0.98 ** step, gradients }))
  expect(diagnosis.findings.map(({ kind, severity }) => `${kind} ${severity}`)).toEqual([
    'unscaledTarget info'
  ])
})
