import type { PreparationWord } from './word'

/** Every value times a number. */
export const scale: PreparationWord<'scale'> = ({ by }) => [{ use: 'affine', subtract: [0], multiply: [by] }]
