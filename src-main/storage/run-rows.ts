import { join } from 'node:path'
import { MEASURES_FILE, MEASURES_TAIL_FILE } from '#contract/measures'
import { STEPS_FILE, STEPS_TAIL_FILE } from '#contract/run'
import { columnOf, layerColumnOf } from '#contract/step-rows'
import type { RowFiles } from './row-chunks'
import { openRows, type RowReader } from './rows'

/** The files of the steps of a run with so many trainable layers, in its folder. */
export const stepFiles = (folder: string, layers: number): RowFiles => ({
  chunks: join(folder, STEPS_FILE),
  tail: join(folder, STEPS_TAIL_FILE),
  bits: bitColumns(layers)
})

/** The files of what was measured of a run's layers, in its folder. No column of theirs holds bits. */
export const measureFiles = (folder: string): RowFiles => ({
  chunks: join(folder, MEASURES_FILE),
  tail: join(folder, MEASURES_TAIL_FILE),
  bits: []
})

/**
 * The stored steps of a run, also while they grow; whoever opens them closes them. How many trainable layers it has
 * matters only to summaries, in which flags are joined.
 */
export const openSteps = (folder: string, layers = 0): Promise<RowReader> =>
  openRows(stepFiles(folder, layers))

/** What is stored of the measurements of a run's layers, also while it grows; whoever opens them closes them. */
export const openMeasured = (folder: string): Promise<RowReader> => openRows(measureFiles(folder))

/** Columns of a row that hold bits, for its storage. */
const bitColumns = (layers: number): number[] => [
  columnOf('flags'),
  ...Array.from({ length: layers }, (_, layer) => layerColumnOf(layer, 'flags'))
]
