import { writePlain } from '../../components/numbers'

/** Name of a target: that of its class, or its number. */
export const className = (classes: readonly string[] | undefined, target: number): string =>
  classes?.[target] ?? writePlain(target)
