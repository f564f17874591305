import type { FindingGroup } from './findings'

/** The worst finding that stands about a layer, or about one inside of it; undefined where there is none. */
export const findingAbout = (
  groups: readonly FindingGroup[],
  layer: string,
  inside = true
): FindingGroup | undefined =>
  groups.find(
    ({ layer: of, withdrawnAt }) =>
      withdrawnAt === undefined && (of === layer || (inside && of?.startsWith(`${layer}/`)))
  )
