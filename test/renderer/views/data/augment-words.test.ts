import { expect, test } from 'vitest'
import { augmentation, augmentations } from '#contract/vocabulary'
import { optionsOf } from '../../../../src-renderer/components/forms/control'
import { startOf } from '../../../../src-renderer/components/forms/start'
import { augmentHints, augmentWordsFor } from '../../../../src-renderer/views/data/augment-words'

test('every augmentation is offered for pictures, and for rows and series those that need no place', () => {
  expect(augmentWordsFor([28, 28, 1])).toEqual(Object.keys(augmentations))
  expect(augmentWordsFor([4])).toEqual(['noise', 'brightness', 'mixup'])
  expect(augmentWordsFor([30, 2])).toEqual(['noise', 'brightness', 'mixup'])
})

test('every augmentation begins with values that an experiment may have', () => {
  const refused = augmentWordsFor([28, 28, 1])
    .map((use) => startOf(use, optionsOf(augmentations[use]), augmentHints(use, [0, 255])))
    .filter((step) => !augmentation.safeParse(step).success)
  expect(refused).toEqual([])
})

test('strengths in raw units are a tenth of the range of the values', () => {
  expect([augmentHints('noise', [0, 255]), augmentHints('brightness', [-1, 1])]).toEqual([
    { stddev: 26 },
    { by: 0.2 }
  ])
})
