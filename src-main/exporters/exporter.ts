import type { PreparationPlan } from '#contract/preparation'
import type { ModelArtifact } from '#contract/trainer'
import type { ExportFormat } from '#contract/worker'

/** Where an exporter writes; names are plain file names. */
export interface Sink {
  write(name: string, content: string | Uint8Array): Promise<void>
}

/** One format: one file in `formats/`, its check in `read-back/`, and one row in `index.ts`. */
export interface Exporter {
  format: ExportFormat
  /** Which samples the written model takes: raw ones where the format has layers for the whole preparation. */
  takes(preparation: PreparationPlan): 'raw' | 'prepared'
  write(artifact: ModelArtifact, target: Sink): Promise<void>
}

/**
 * Loads a written export as its users would, and answers for samples that it takes, [count, ...shape], one behind the
 * other.
 * @throws Error when it cannot be loaded: what we write must be right.
 */
export type ReadBack = (
  folder: string,
  samples: Float32Array,
  shape: readonly number[]
) => Promise<Float32Array>

/** Name of the file that every export holds: experiment, classes and provenance. */
export const ABOUT_FILE = 'steadygrad.json'
