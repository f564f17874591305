import type { Mend } from './mend'

/**
 * Puts a number where a feature is NaN or Inf: mean or median of its channel in the training part, zero, or a number of
 * one's own. A column of categories has no mean: it gets its commonest category.
 */
export const fillMissing: Mend<'fillMissing'> = (step, { training, shape, columns }) => {
  const values = valuesFor()
  if (!columns?.some(({ kind }) => kind === 'category')) return { use: 'fill', values }
  const commonest = training.commonest()
  return {
    use: 'fill',
    values: values.map((each, i) => (columns[i].kind === 'category' ? commonest[i] : each))
  }

  function valuesFor(): number[] {
    if (step.with === 'mean') return training.moments().mean
    if (step.with === 'median') return training.medians()
    const value = step.with === 'zero' ? 0 : step.value
    return new Array<number>(shape[shape.length - 1]).fill(value)
  }
}
