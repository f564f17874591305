import type { RunListing, Score } from '#contract/run'

/** Columns that the list of runs can be sorted by. */
export const sortable = ['name', 'state', 'created', 'steps', 'engine', 'loss', 'accuracy'] as const
export type Sortable = (typeof sortable)[number]

export interface Order {
  by: Sortable
  descending: boolean
}

/** The score a run is judged by: on the test part, else on what there is. */
export const scoreOf = ({ scores }: RunListing): Score | undefined =>
  scores?.test ?? scores?.validation ?? scores?.train

const valueOf = (listing: RunListing, by: Sortable): string | number | undefined => {
  if (by === 'loss' || by === 'accuracy') return scoreOf(listing)?.[by]
  return listing[by]
}

/** Runs in an order; what has no value comes last, whichever way they are sorted. */
export const sortRuns = (runs: readonly RunListing[], { by, descending }: Order): RunListing[] =>
  runs.toSorted((a, b) => {
    const [first, second] = [valueOf(a, by), valueOf(b, by)]
    if (isMissing(first) || isMissing(second)) return Number(isMissing(first)) - Number(isMissing(second))
    const difference =
      typeof first === 'number' && typeof second === 'number'
        ? first - second
        : String(first).localeCompare(String(second))
    return descending ? -difference : difference
  })

const isMissing = (value: string | number | undefined): boolean => value === undefined || Number.isNaN(value)
