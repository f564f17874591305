import { readTrack, trackOf, type Quantity, type Reading } from '../../charts/quantity'
import type { LegendEntry } from '../../components/Legend.svelte'
import { writeNorm } from '../../components/numbers'
import type { FindingChart } from './finding-places'
import type { Series } from '../../state/series'
import type { Desk } from './desk.svelte'

/** The charts whose findings the map and the strip show beside a quantity. */
export const chartsOf = (quantity: Quantity): readonly FindingChart[] => [
  quantity === 'gradient' ? 'gradients' : 'ratio'
]

/** A layer's value in words. */
export function writeReading(reading: Reading): string {
  if (reading === undefined) return '–'
  if (typeof reading === 'number') return writeNorm(10 ** reading)
  return { zero: '0', nan: 'NaN', infinity: '∞', overflow: '> 3.4e38' }[reading]
}

/** A layer's value at a point, of the quantity that is chosen. */
export const readingOf = (desk: Desk, series: Series, layer: number, point: number): Reading =>
  readTrack(trackOf(series, desk.quantity, layer), point)

/** The layers with their values at the step that is read. */
export const layerEntries = (desk: Desk): LegendEntry[] =>
  desk.layers.map(({ name, colour, marker }, layer) => {
    const { series, point } = desk.reading
    const reading = readingOf(desk, series, layer, point)
    return {
      name,
      colour,
      marker,
      value: writeReading(reading),
      trouble: reading === 'nan' || reading === 'infinity' || reading === 'overflow'
    }
  })

/** The table behind the map and the strip. */
export const layerTable = (desk: Desk, step: string): { columns: string[]; rows: string[][] } => ({
  columns: [step, ...desk.layers.map(({ name }) => name)],
  rows: desk.rows((series, point) =>
    desk.layers.map((_, layer) => writeReading(readingOf(desk, series, layer, point)))
  )
})
