import type { TargetValues } from './reader'

/** An order of samples in two. */
export interface Divided {
  taken: Uint32Array
  rest: Uint32Array
}

/**
 * Takes a share of the samples of an order, the first ones: at least one where there is any share. With the class
 * numbers of the samples, every class gives its share of it, to within one sample (method of largest remainders).
 */
export function divide(order: Uint32Array, share: number, labels?: TargetValues): Divided {
  const total = share === 0 ? 0 : Math.min(order.length, Math.max(1, Math.round(order.length * share)))
  if (!labels) return { taken: order.subarray(0, total), rest: order.subarray(total) }
  const quotas = quotasOf(countsIn(order, labels), share, total)
  const size = quotas.reduce((sum, quota) => sum + quota, 0)
  const taken = new Uint32Array(size)
  const rest = new Uint32Array(order.length - size)
  let ahead = 0
  order.forEach((index, place) => {
    const label = labels[index]
    if (quotas[label] > 0) {
      quotas[label]--
      taken[ahead++] = index
    } else rest[place - ahead] = index
  })
  return { taken, rest }
}

/** Samples of each class in an order; sparse where a class has none. */
export function countsIn(order: Uint32Array, labels: TargetValues): number[] {
  const counts: number[] = []
  for (const index of order) counts[labels[index]] = (counts[labels[index]] ?? 0) + 1
  return counts
}

/** How many samples each class gives, together `total`: its share rounded down, and one more where most is missing. */
function quotasOf(counts: readonly number[], share: number, total: number): number[] {
  const quotas = Array.from(counts, (count = 0) => Math.floor(count * share))
  const remainder = (label: number): number => (counts[label] ?? 0) * share - quotas[label]
  const byRemainder = Array.from(quotas.keys()).sort((a, b) => remainder(b) - remainder(a) || a - b)
  const missing = total - quotas.reduce((sum, quota) => sum + quota, 0)
  for (const label of byRemainder.slice(0, Math.max(0, missing))) quotas[label]++
  return quotas
}
