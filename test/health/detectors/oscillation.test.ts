import { expect, test } from 'vitest'
import { openDiagnosis } from '../../../src-main/health/diagnose'
import { experimentWith, found, see, subjectWith } from '../rows'

const layer = { use: 'dense', units: 10, activation: 'relu', initializer: { use: 'heNormal' } } as const
const names = ['dense_1', 'dense_2']
const subject = subjectWith(experimentWith([layer, { use: 'dense', units: 10 }]), names)
/** A loss between two levels, each for so many steps, with weights that move by this share of their norm. */
const jumping = (low: number, high: number, every: number, move: number) => (step: number) => ({
  loss: Math.floor(step / every) % 2 === 0 && step > 1 ? low : high,
  gradients: [1, 1],
  updates: [10 * move, 10 * move]
})
const kinds = (steps: number, say: Parameters<typeof found>[2]) =>
  found(subject, steps, say).map((said) => said.split(' ')[0])

test.each([1, 3, 5])('a loss that jumps every %d steps without getting better oscillates', (every) => {
  expect(kinds(200, jumping(1.5, 3.4, every, 0.1))).toContain('oscillation')
})

test.each([
  ['weights hardly move: it is the noise of the batches', jumping(1.5, 3.4, 3, 0.001)],
  ['swings are small', jumping(2, 2.3, 3, 0.1)],
  [
    'hardly anything is left to learn',
    (step: number) => ({ ...jumping(0.05, 0.2, 3, 0.1)(step), ...(step === 1 && { loss: 2.3 }) })
  ]
])('a loss that jumps is no oscillation where %s', (_, say) => {
  expect(kinds(300, say)).not.toContain('oscillation')
})

test('a wobble at the edge of stability that gets better all the while is none', () => {
  const wobble = (step: number) => ({
    loss: 2.3 * 0.99 ** step * (1 + 0.5 * (step % 2)),
    gradients: [1, 1],
    updates: [0.5, 0.5]
  })
  expect(kinds(300, wobble)).not.toContain('oscillation')
})

test('an oscillation that ends is withdrawn', () => {
  const diagnosis = openDiagnosis(subject)
  see(diagnosis, 1, 200, jumping(1.5, 3.4, 3, 0.1))
  const changes = see(diagnosis, 201, 500, (step) => ({ loss: 2 * 0.98 ** (step - 200), gradients: [1, 1] }))
  expect(changes.map(({ type, finding }) => `${type} ${finding.kind}`)).toContain('withdrawn oscillation')
})
