import { expect, test } from 'vitest'
import { Augmented, type AugmentedQuestion } from '../../../src-renderer/state/augmented.svelte'
import type { Call } from '../../../src-renderer/state/link.svelte'
import { FakeWorkbench, presets } from '../fake-workbench'

const { experiment } = presets[0]
const question: AugmentedQuestion = { experiment, offset: 0, count: 2, variants: 3 }

/** A connection that is always there; notes what is asked. */
function connect() {
  const { handlers } = new FakeWorkbench()
  const asked: string[] = []
  const call = (async (name: keyof typeof handlers, input: never) => {
    asked.push(name)
    return handlers[name](input)
  }) as Call
  return { call, asked }
}

test('shows samples of the training part, and for each of them a variant of every epoch', async () => {
  const { call, asked } = connect()
  const augmented = new Augmented(call)
  await augmented.show(question)
  const { originals, augmented: changed, variants } = augmented.page.value ?? {}
  expect([originals?.indices, changed?.indices, changed?.features.length, variants]).toEqual([
    originals?.indices,
    originals?.indices,
    2 * 3 * 784,
    3
  ])
  expect(asked).toEqual(['data.samples', 'data.augmentation'])
})

test('asks again for other steps or another seed, and not for another learning rate', async () => {
  const { call, asked } = connect()
  const augmented = new Augmented(call)
  await augmented.show(question)
  await augmented.show({ ...question, experiment: { ...experiment, training: { batchSize: 7, epochs: 1 } } })
  const before = asked.length
  await augmented.show({ ...question, experiment: { ...experiment, seed: 99 } })
  const augment = [{ use: 'mixup' as const, alpha: 0.2 }]
  const data = { ...experiment.data, augment }
  await augmented.show({ ...question, experiment: { ...experiment, data } })
  expect([before, asked.length]).toEqual([2, 6])
})

test('an answer that comes late does not take the place of a newer one', async () => {
  const { call } = connect()
  const waiting: (() => void)[] = []
  const slow = (async (name: never, input: never) => {
    await new Promise<void>((resolve) => waiting.push(resolve))
    return call(name, input)
  }) as Call
  const augmented = new Augmented(slow)
  const first = augmented.show(question)
  const second = augmented.show({ ...question, variants: 5 })
  const release = async (): Promise<void> => {
    while (waiting.length > 0) {
      waiting.pop()?.()
      for (let turn = 0; turn < 50; turn++) await Promise.resolve()
    }
  }
  await release()
  await Promise.all([first, second])
  expect([augmented.page.value?.variants, augmented.busy]).toEqual([5, false])
})

test('what failed is told and may be asked again', async () => {
  const { call } = connect()
  let fails = true
  const augmented = new Augmented(((name: never, input: never) =>
    fails ? Promise.reject(new Error('away')) : call(name, input)) as Call)
  await augmented.show(question)
  const { error } = augmented.page
  fails = false
  await augmented.show(question)
  expect([error, augmented.page.error, augmented.page.value?.variants]).toEqual([
    new Error('away'),
    undefined,
    3
  ])
})
