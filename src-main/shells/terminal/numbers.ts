/** A number as people read it in a table, with at most four digits that say something. */
export const rounded = (value: number): string => String(Number(value.toPrecision(4)))

/** A share as per cent, without the sign. */
export const percent = (share: number, decimals = 2): string => (share * 100).toFixed(decimals)
