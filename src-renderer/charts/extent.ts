/**
 * Last step on the axis of a run that goes on: a round number ahead of the newest step, so that the axis moves now
 * and then and not at every step, but never past the run's own end.
 */
export function lastStepShown(newest: number, planned: number, active: boolean): number {
  if (!active) return Math.max(newest, 1)
  const power = 10 ** Math.floor(Math.log10(Math.max(newest, 10)))
  const round = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((factor) => factor * power).find((step) => step > newest)
  return Math.max(newest, Math.min(round ?? newest, planned || Infinity))
}
