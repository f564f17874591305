import { logarithmicAxis } from './axis'
import { bucketsFor } from './buckets'
import type { LayersView } from './gradient-picture'
import { linesOf } from './line-strokes'
import type { Picture } from './picture'
import { HEALTHY_RATIO, ratioTrack } from './ratio'
import { reduceTrack } from './reduce'

/** Update through weight by layer on a logarithmic axis, with the range in which learning usually goes well. */
export function ratioPicture(view: LayersView): Picture {
  const { columns, from, to, layers, smoothing } = view
  const buckets = bucketsFor(view.width, layers.filter(({ hidden }) => !hidden).length)
  const healthy = { low: Math.log10(HEALTHY_RATIO.low), high: Math.log10(HEALTHY_RATIO.high) }
  const picture: Picture = {
    from,
    to,
    left: logarithmicAxis(healthy.low, healthy.high),
    healthy,
    lines: [],
    dots: [],
    occasions: view.occasions,
    gutter: true,
    zeros: [],
    odd: [],
    ticks: [],
    showSteps: true
  }
  let smallest = healthy.low - 1
  let largest = healthy.high + 1
  layers.forEach(({ colour, marker, hidden, faint }, layer) => {
    if (hidden) return
    const reduced = reduceTrack(columns, ratioTrack(columns, layer), {
      from,
      to,
      buckets,
      logarithmic: true,
      smoothing
    })
    picture.lines.push(...linesOf(reduced, { colour, marker, width: 1.5, side: 'left', faint }))
    for (const step of reduced.zeros) picture.zeros.push({ step, colour, marker })
    for (const { step, oddity } of reduced.odd) picture.odd.push({ step, colour, oddity })
    smallest = Math.min(smallest, reduced.smallest)
    largest = Math.max(largest, reduced.largest)
  })
  picture.left = logarithmicAxis(smallest, largest)
  return picture
}
