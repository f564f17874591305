import { expect, test } from 'vitest'
import { replaceAt } from '../../../src-renderer/state/path'

test('replacing a place copies what holds it and leaves the original alone', () => {
  const before = { gradients: [{ max: 1 }, { rate: 0.1 }], other: { kept: true } }
  const after = replaceAt(before, 'gradients.1.rate', 0.5)
  expect([after, before.gradients[1].rate, after.other === before.other]).toEqual([
    { gradients: [{ max: 1 }, { rate: 0.5 }], other: { kept: true } },
    0.1,
    true
  ])
})
