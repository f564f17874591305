import type { Cell } from './cells'
import { ACTIVATION_PLACE, type LearntStudy } from './lesson.svelte'

/** A column of the map. */
export interface MapColumn {
  initializer: string
  depth: string
  /** The first of its initializer, which stands a little apart. */
  first: boolean
}

const depthsOf = ({ axes, depth }: LearntStudy, only: string | undefined): string[] =>
  only === undefined ? axes[depth].cases.map(({ label }) => label) : [only]

/** Columns in the order of the study: depths within initializers, all of them or one. */
export const mapColumns = (study: LearntStudy, only: string | undefined): MapColumn[] =>
  study.axes[study.initializer].cases.flatMap(({ label: initializer }, group) =>
    depthsOf(study, only).map((depth, index) => ({ initializer, depth, first: group > 0 && index === 0 }))
  )

/** A row for each activation, its cells in the order of the columns. */
export function mapRows(
  study: LearntStudy,
  only: string | undefined
): { activation: string; cells: Cell[] }[] {
  const columns = mapColumns(study, only)
  return study.axes[ACTIVATION_PLACE].cases.map(({ label: activation }) => ({
    activation,
    cells: columns.flatMap(
      ({ initializer, depth }) =>
        study.cells.find(
          ({ labels }) =>
            labels[ACTIVATION_PLACE] === activation &&
            labels[study.initializer] === initializer &&
            labels[study.depth] === depth
        ) ?? []
    )
  }))
}
