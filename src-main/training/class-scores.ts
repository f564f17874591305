import type { ClassScore } from '#contract/look'

/** Samples of each class, samples that were taken for it, and those of them that belong to it. */
export interface ClassCounts {
  actual: readonly number[]
  predicted: readonly number[]
  right: readonly number[]
}

/**
 * Precision, recall and F1 of each class. A class that nothing was taken for has no precision, one without samples no
 * recall, and one with neither no F1.
 */
export const classScoresOf = (
  names: readonly string[],
  { actual, predicted, right }: ClassCounts
): ClassScore[] =>
  names.map((name, label) => ({
    name,
    samples: actual[label],
    ...(predicted[label] > 0 && { precision: right[label] / predicted[label] }),
    ...(actual[label] > 0 && { recall: right[label] / actual[label] }),
    ...(actual[label] + predicted[label] > 0 && {
      f1: (2 * right[label]) / (actual[label] + predicted[label])
    })
  }))

/** The counts in a confusion matrix, `counts[actual · classes + predicted]`. */
export function countsIn(matrix: readonly number[], classes: number): ClassCounts {
  const labels = Array.from({ length: classes }, (_, label) => label)
  const sum = (each: (other: number) => number): number =>
    labels.reduce((total, other) => total + matrix[each(other)], 0)
  return {
    actual: labels.map((label) => sum((other) => label * classes + other)),
    predicted: labels.map((label) => sum((other) => other * classes + label)),
    right: labels.map((label) => matrix[label * classes + label])
  }
}
