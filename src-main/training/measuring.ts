import {
  countMeasured,
  isMeasured,
  MEASURED_SAMPLES,
  measuredWidth,
  type Telemetry
} from '#contract/measures'
import { openRowWriter, type RowWriter } from '../storage/row-writer'
import { measureFiles, openMeasured } from '../storage/run-rows'
import { timed } from './report'
import type { Session } from './session'
import type { BatchArrays } from './step'

/**
 * Measures the layers on the batch of the step that comes, where the telemetry of the run says so. Gives the row of it,
 * which is kept too.
 */
export function measureStep(
  session: Session,
  batch: BatchArrays,
  scalars: Record<string, number>
): Float32Array | undefined {
  const { programs, position, log, current } = session
  const step = position.step + 1
  if (!isMeasured(current.telemetry, step)) return undefined
  const { result, milliseconds } = timed(position, () =>
    programs.measure(samplesMeasured(batch), scalars, batch)
  )
  position.measuringSeconds += milliseconds / 1000
  const row = measuredRow(step, result)
  log.measures(row)
  return row
}

/** The row of a measurement: the number of its step, and what the measure program gave. */
export function measuredRow(step: number, measured: Float32Array): Float32Array {
  const row = new Float32Array(1 + measured.length)
  row[0] = step
  row.set(measured, 1)
  return row
}

/** The samples of a batch on which layers are measured: its first ones. */
export function samplesMeasured(batch: BatchArrays): BatchArrays {
  const { features, targets, weights } = batch
  if (batch.count <= MEASURED_SAMPLES) return batch
  const first = <Numbers extends Uint8Array | Float32Array | Int32Array>(values: Numbers): Numbers =>
    values.subarray(0, (values.length / batch.count) * MEASURED_SAMPLES) as Numbers
  return {
    ...batch,
    count: MEASURED_SAMPLES,
    features: first(features),
    targets: first(targets),
    ...(weights && { weights: first(weights) })
  }
}

/** Says whether a run measures its layers, and whether with histograms. */
export const measuresLayers = (telemetry: Telemetry): boolean =>
  telemetry === 'normal' || telemetry === 'deep'
export const hasHistograms = (telemetry: Telemetry): boolean => telemetry === 'deep'

/**
 * Opens the measurements of a run with so many measured layers, behind its stored step `keep`; later ones are cut off.
 * Undefined where the run measures none.
 * @throws Failure `storage.*`
 */
export async function openMeasures(
  folder: string,
  telemetry: Telemetry,
  layers: number,
  keep: number
): Promise<RowWriter | undefined> {
  if (!measuresLayers(telemetry)) return undefined
  const reader = await openMeasured(folder)
  let rows = Math.min(countMeasured(telemetry, keep), reader.last)
  try {
    // A run that began without measurements has fewer of them than its steps tell.
    while (rows > 0 && (await reader.rows(rows, rows))[0] > keep) rows--
  } finally {
    await reader.close()
  }
  return openRowWriter(measureFiles(folder), measuredWidth(layers, hasHistograms(telemetry)), rows)
}
