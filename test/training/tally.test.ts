import { describe, expect, test } from 'vitest'
import { classScoresOf, countsIn } from '../../src-main/training/class-scores'
import { tallyClasses, tallyNumbers } from '../../src-main/training/tally'
import oracle from '../oracles/preparation.json'

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `class ${i}`)

describe('a classifier', () => {
  const [{ outputs, labels, accuracy, top5, precision, recall, f1 }] = oracle.classes
  const [count, size] = outputs.shape
  const whole = () => {
    const tally = tallyClasses(names(size))
    tally.add(count, 0.5, Float32Array.from(outputs.values), Int32Array.from(labels))
    return tally
  }

  test('has the accuracy, the top 5 and the scores of each class that Keras gives', () => {
    const tally = whole()
    expect(tally.score()).toEqual({
      loss: 0.5,
      accuracy: expect.closeTo(accuracy, 6) as number,
      top5: expect.closeTo(top5, 6) as number
    })
    const scores = tally.classScores?.() ?? []
    expect(scores.map(({ name }) => name)).toEqual(names(size))
    scores.slice(0, -1).forEach((score, label) => {
      expect(score.samples).toBe(labels.filter((each) => each === label).length)
      expect(score.precision ?? 0).toBeCloseTo(precision[label], 5)
      expect(score.recall ?? 0).toBeCloseTo(recall[label], 5)
      expect(score.f1 ?? 0).toBeCloseTo(f1[label], 5)
    })
  })

  test('has no precision, recall or F1 for a class that never occurs and nothing is taken for', () => {
    expect(whole().classScores?.().at(-1)).toEqual({ name: `class ${size - 1}`, samples: 0 })
  })

  test('has the same scores in any number of batches, and the mean loss of all samples', () => {
    const tally = tallyClasses(names(size))
    for (const [from, to] of [
      [0, 7],
      [7, 40],
      [40, count]
    ]) {
      const rows = outputs.values.slice(from * size, to * size)
      tally.add(
        to - from,
        from === 0 ? 1 : 2,
        Float32Array.from(rows),
        Int32Array.from(labels.slice(from, to))
      )
    }
    const { loss, ...rest } = tally.score()
    expect(loss).toBeCloseTo((7 + 2 * (count - 7)) / count, 12)
    expect(rest).toEqual({ accuracy: whole().score().accuracy, top5: whole().score().top5 })
    expect(tally.classScores?.()).toEqual(whole().classScores?.())
  })

  test('of five classes has no top 5', () => {
    const tally = tallyClasses(names(5))
    tally.add(1, 0, Float32Array.of(0, 1, 2, 3, 4), Int32Array.of(4))
    expect(tally.score()).toEqual({ loss: 0, accuracy: 1 })
  })

  test('whose outputs are NaN is never right', () => {
    const tally = tallyClasses(names(6))
    tally.add(2, NaN, new Float32Array(12).fill(NaN), Int32Array.of(0, 1))
    expect(tally.score()).toEqual({ loss: NaN, accuracy: 0, top5: 0 })
  })

  test('with equal outputs means the first of them', () => {
    const tally = tallyClasses(names(2))
    tally.add(2, 0, Float32Array.of(1, 1, 1, 1), Int32Array.of(0, 1))
    expect(tally.score().accuracy).toBe(0.5)
  })

  test('has in its confusion matrix the same scores of its classes', () => {
    const matrix = new Array<number>(9).fill(0)
    const outputs3 = [2, 1, 0, 0, 3, 1, 0, 1, 2, 9, 1, 0]
    const actual = [0, 0, 2, 1]
    const tally = tallyClasses(names(3))
    tally.add(4, 0, Float32Array.from(outputs3), Int32Array.from(actual))
    ;[0, 1, 2, 0].forEach((predicted, i) => matrix[actual[i] * 3 + predicted]++)
    expect(classScoresOf(names(3), countsIn(matrix, 3))).toEqual(tally.classScores?.())
  })
})

describe('a model of numbers', () => {
  test.each(oracle.numbers)('has the error and the R² that Keras gives', ({ targets, outputs, mae, r2 }) => {
    const [count, size] = targets.shape
    const tally = tallyNumbers(undefined)
    const cut = 11
    for (const [from, to] of [
      [0, cut],
      [cut, count]
    ])
      tally.add(
        to - from,
        2,
        Float32Array.from(outputs.values.slice(from * size, to * size)),
        Float32Array.from(targets.values.slice(from * size, to * size))
      )
    expect(tally.score()).toEqual({
      loss: 2,
      mae: expect.closeTo(mae, 5) as number,
      r2: expect.closeTo(r2, 5) as number
    })
    expect(tally.classScores).toBeUndefined()
  })

  test('is scored in raw units, though its outputs are in prepared ones', () => {
    const tally = tallyNumbers({ use: 'affine', subtract: [100], multiply: [0.1] })
    // Outputs of 0 and 1 mean 100 and 110.
    tally.add(2, 0, Float32Array.of(0, 1), Float32Array.of(104, 116))
    expect(tally.score()).toEqual({ loss: 0, mae: 5, r2: expect.closeTo(1 - 52 / 72, 12) as number })
  })

  test('has no R² where the targets never vary', () => {
    const tally = tallyNumbers(undefined)
    tally.add(2, 0, Float32Array.of(1, 2), Float32Array.of(3, 3))
    expect(tally.score()).toEqual({ loss: 0, mae: 1.5, r2: NaN })
  })

  test('that always answers the mean has an R² of 0', () => {
    const tally = tallyNumbers(undefined)
    tally.add(4, 0, Float32Array.of(2.5, 2.5, 2.5, 2.5), Float32Array.of(1, 2, 3, 4))
    expect(tally.score().r2).toBeCloseTo(0, 12)
  })
})
