import { z } from 'zod'
import { message } from './message-schema'
import { source } from './vocabulary'

export const partNames = ['train', 'validation', 'test'] as const
export const partName = z.enum(partNames)
export type PartName = z.infer<typeof partName>

export const dataFindingKinds = [
  'formula',
  'duplicates',
  'blank',
  'imbalance',
  'nearEmptyClass',
  'emptyClass',
  'labelRange',
  'constant',
  'constantColumn',
  'identifierColumn',
  'skipped',
  'merged',
  'brokenFile',
  'brokenRow',
  'raggedRow',
  'badLabel',
  'missing',
  'notANumber',
  'nonFinite'
] as const

/**
 * Something the checks found in a dataset. Below `error` it can be used; with one it cannot be trained as it is:
 * features hold NaN or Inf (`missing`, `notANumber`, `nonFinite`).
 */
export const dataFinding = z.object({
  kind: z.enum(dataFindingKinds),
  severity: z.enum(['info', 'warning', 'error']),
  part: partName,
  /** How many samples it concerns. */
  count: z.number().int(),
  /** Positions of the first of them in their part, ten at most. */
  examples: z.array(z.number().int()),
  /** Files, lines (`file:line`), columns or classes it concerns, by name; ten at most. */
  names: z.array(z.string()).optional(),
  message
})
export type DataFinding = z.infer<typeof dataFinding>

/** One column of a table: each is one value of a sample. */
export const dataColumn = z.object({
  name: z.string(),
  kind: z.enum(['number', 'category']),
  /** Names of its categories in the order of their codes; absent for numbers. */
  categories: z.array(z.string()).optional(),
  /** Values of all parts that are NaN: missing, or not to be read as a number. */
  missing: z.number().int(),
  /** Smallest and largest finite value; absent where there is none. */
  range: z.tuple([z.number(), z.number()]).optional()
})
export type DataColumn = z.infer<typeof dataColumn>

/** What is known of the numbers at one place: a column of a table, a value of each step of a series, or a target. */
export const valueStatistics = z.object({
  /** Values that are NaN or infinite; the rest does not count them. */
  missing: z.number().int(),
  /** Smallest and largest; absent, as the rest, where there is none. */
  range: z.tuple([z.number(), z.number()]).optional(),
  mean: z.number().optional(),
  /** Standard deviation of all of them. */
  deviation: z.number().optional()
})
export type ValueStatistics = z.infer<typeof valueStatistics>

/** The same for a numeric target, with how many samples lie in equal steps of its range. */
export const targetStatistics = valueStatistics.extend({
  histogram: z.object({ train: z.array(z.number().int()), test: z.array(z.number().int()) }).optional()
})
export type TargetStatistics = z.infer<typeof targetStatistics>

/** What is known of a dataset before its samples are read by a run. */
export const datasetSummary = z.object({
  name: z.string(),
  source,
  /** Shape of one sample, such as [28, 28, 1]. */
  featureShape: z.array(z.number().int()),
  featureType: z.enum(['uint8', 'float32']),
  /** What each value of a sample is, for tables. */
  columns: z.array(dataColumn).optional(),
  /** Name of the column that is the target, for tables. */
  target: z.string().optional(),
  /** Names of the classes in the order of their numbers; absent where targets are numbers. */
  classes: z.array(z.string()).optional(),
  /** Number of values in a numeric target; absent where targets are classes. */
  targetSize: z.number().int().optional(),
  /** Smallest and largest finite raw feature value. */
  range: z.tuple([z.number(), z.number()]),
  /** Of each value of a row, or of a step of a series, over all parts; absent for pictures and for very wide samples. */
  values: z.array(valueStatistics).optional(),
  /** Of each number of a numeric target; absent where targets are classes. */
  targets: z.array(targetStatistics).optional(),
  /** Samples in the source's own parts. */
  counts: z.object({ train: z.number().int(), test: z.number().int() }),
  /** Samples of each class, for the parts of the source. */
  classCounts: z.object({ train: z.array(z.number().int()), test: z.array(z.number().int()) }).optional(),
  findings: z.array(dataFinding)
})
export type DatasetSummary = z.infer<typeof datasetSummary>

/** Name of the summary inside a prepared folder. */
export const DATASET_FILE = 'dataset.json'

/**
 * A dataset in the form that training reads, written by the worker process into a folder of the library:
 * `dataset.json` (this), and for both parts `<part>-features.bin` (values of `featureType`, sample after sample,
 * little-endian) and `<part>-targets.bin` (Int32 class numbers, or Float32 values, little-endian).
 */
export const preparedDataset = z.object({
  version: z.literal(1),
  summary: datasetSummary,
  /** SHA-256 of each binary file by its name. */
  hashes: z.record(z.string(), z.string())
})
export type PreparedDataset = z.infer<typeof preparedDataset>
