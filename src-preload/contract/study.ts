import { z } from 'zod'
import { engineName } from './engine'
import { findingKind } from './health'
import { measured } from './measured'
import { score, stopReason } from './run'
import { record } from './vocabulary'
import { named } from './work'

const count = z.int().positive()
const seed = z.int().min(0).max(0xffffffff)
const text = z.string().min(1).max(80)

/** One value of an axis: what it changes of the base, in order. */
export const studyCase = record({
  label: text,
  /**
   * New values by their place in the experiment, such as `gradients.0.rate`. `model.layers.*.activation` stands for
   * that option in every layer whose JSON has it; what the base leaves to its default stays as it is.
   */
  set: z.record(z.string().min(1), z.unknown()).default({}),
  /** How often the layer at a place stands there, one behind the other: `{ "model.layers.1": 5 }`. Applied before `set`. */
  repeat: z.record(z.string().min(1), count).default({})
})
export type StudyCase = z.output<typeof studyCase>

/** What is varied: its name and its values, of which the first is what the others are compared with. */
export const studyAxis = record({ name: text, cases: z.array(studyCase).min(1) })
export type StudyAxis = z.output<typeof studyAxis>

/**
 * A study: a base experiment and what is varied of it. Its cells are the product of the axes, and each cell is trained
 * once with every seed.
 */
export const study = record({
  version: z.literal(1),
  name: z.string().min(1).max(200).default('study'),
  /** An experiment as it stands in a file, or the name of a preset. */
  base: z.union([z.string().min(1), z.record(z.string(), z.unknown())]),
  vary: z.array(studyAxis).min(1),
  /** So many seeds, counted from that of the base; or these. */
  seeds: z.union([count, z.array(seed).min(1)]).default(3)
})
export type Study = z.output<typeof study>
/** What a study file may hold: defaults may be left out. */
export type StudyInput = z.input<typeof study>

/** What a study is run with; the study is checked when it is run. */
export const studyOrder = z.object({
  study: z.unknown(),
  /** In place of the study's own seeds: so many, from that of the base on. */
  seeds: count.optional(),
  /** Folder in which the folders of its runs are made; absent = the library. */
  out: z.string().optional(),
  ...named
})
export type StudyOrder = z.infer<typeof studyOrder>

/** The case of each axis, by the axis's name: `{ activation: "ReLU", depth: "5" }`. */
export const cellLabels = z.record(z.string(), z.string())
export type CellLabels = z.infer<typeof cellLabels>

/** What one run of a study gave. What is not finite is null in JSON. */
export const studyRun = z.object({
  seed: z.number().int(),
  /** Id of the run, where it is kept. */
  run: z.string().optional(),
  stopped: stopReason,
  steps: z.number().int(),
  train: score.optional(),
  validation: score.optional(),
  test: score.optional(),
  /** Median time of one step. */
  stepMilliseconds: measured,
  /**
   * That time over the time of the run with the same seed in the cell that differs only in having the first case of
   * the first axis. Both ran one behind the other, so that it says something on a busy machine too. Absent where the
   * guard stopped one of them.
   */
  stepRatio: measured.optional(),
  /**
   * For each of the cell's layers, in their order, the norm of the gradient of the loss with respect to what the layer
   * gives (behind its activation), over the first batch, before the first update. NaN where the gradient is not finite.
   */
  firstGradient: z.array(measured),
  /**
   * What that norm is multiplied with by one hidden layer on its way back: geometric mean over the hidden layers.
   * Absent where there are not two of them; NaN where no two neighbours have norms that are finite and not zero.
   */
  multiplier: measured.optional(),
  /** Kinds of the findings at the end, without repetition, causes first; those worth an alarm only. */
  findings: z.array(findingKind)
})
export type StudyRun = z.infer<typeof studyRun>

/** One combination of cases with what its runs gave, in the order of the seeds; runs that are still to come are missing. */
export const studyCell = z.object({
  labels: cellLabels,
  /** Names of the layers that `firstGradient` speaks of: all with trainable tensors, the output last. */
  layers: z.array(z.string()),
  /**
   * √χ of the mean-field theory: what theory says the multiplier is in a wide and deep net. Absent where it says nothing
   * about the layers of this cell, or where they are of different kinds.
   */
  theoreticalMultiplier: z.number().optional(),
  runs: z.array(studyRun)
})
export type StudyCell = z.infer<typeof studyCell>

/** Where and when results were made. No names of machines or folders. */
export const provenance = z.object({
  /** ISO 8601, when the last run ended. */
  at: z.string(),
  /** Version of the product. */
  steadygrad: z.string(),
  engine: engineName,
  /** Such as `TensorFlow 2.21.0`. */
  library: z.string(),
  threads: z.number().int(),
  processor: z.string(),
  /** Cores that the machine offers. */
  cores: z.number().int(),
  /**
   * Mean number of programs that wanted to compute, ours among them, while the runs went on; where it is above the
   * number of cores, only ratios of times mean something. Absent where the system does not tell.
   */
  load: z.number().optional()
})
export type Provenance = z.infer<typeof provenance>

/** A study with all that has come of it so far. */
export const studyResult = z.object({
  version: z.literal(1),
  study,
  made: provenance,
  cells: z.array(studyCell)
})
export type StudyResult = z.infer<typeof studyResult>

/** Ending of the name of a study among the presets, and of the results of one. */
export const STUDY_ENDING = '.study.json'
export const RESULTS_ENDING = '.results.json'

/** A study that comes with the product. */
export const shippedStudy = z.object({
  /** Its file's name without the ending, such as `activations`. */
  id: z.string(),
  study,
  /** The base as it stands in its file, whatever the study names. */
  base: z.record(z.string(), z.unknown()),
  /** The results that come with it. */
  result: studyResult.optional()
})
export type ShippedStudy = z.infer<typeof shippedStudy>

/** What is noted of a run that was begun for a study, so that any study that needs it finds it again. */
export const studyNote = z.object({
  /** Hash of the experiment, whatever its name, and of the product's version. */
  key: z.string(),
  /** Id of the run. */
  run: z.string(),
  layers: z.array(z.string()),
  firstGradient: z.array(measured),
  /** ISO 8601, when it ended; absent while it has not. */
  at: z.string().optional(),
  /** Programs that wanted to compute at its end. */
  load: z.number().optional()
})
export type StudyNote = z.infer<typeof studyNote>
