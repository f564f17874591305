import { layerColour, layerMarker, type Marker } from '../../charts/colours'

const dashes = [[], [6, 3], [2, 2], [8, 3, 2, 3]]

/** How an overlaid run is drawn: colour, marker and dash, so that none of them has to be told by colour alone. */
export function lookOf(
  index: number,
  count: number,
  dark: boolean
): { colour: string; marker: Marker; dash: number[] } {
  return {
    colour: layerColour(index, Math.max(count, 2), dark),
    marker: layerMarker(index),
    dash: dashes[index % dashes.length]
  }
}
