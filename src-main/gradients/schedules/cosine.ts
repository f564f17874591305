import { positionOf, type RateFunction } from './schedule'

/**
 * final + (rate − final)·(1 + cos π·t)/2, where t goes from 0 to 1 over what follows the warm-up (Loshchilov and Hutter,
 * 2017, without restarts); the rate is `final` from `over` on, which counts from the start, warm-up included.
 */
export const cosine: RateFunction<'cosine'> = (schedule, clock) => {
  const { rate, final, warmup, over } = schedule
  const { begin, end } = positionOf(schedule, clock)
  if (begin < warmup) return rate * Math.min(1, end / warmup)
  if (begin >= over) return final
  const progress = (begin - warmup) / (over - warmup)
  return final + ((rate - final) * (1 + Math.cos(Math.PI * progress))) / 2
}
