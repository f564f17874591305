import type { DataColumn, DataFinding } from '#contract/dataset'
import type { Source } from '#contract/vocabulary'

export type { Source }
export type SourceOf<Word extends Source['use']> = Extract<Source, { use: Word }>

/** Values as they are stored: bytes stay bytes, everything else is a 32-bit number. */
export type FeatureValues = Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>
/** Class numbers, or `targetSize` numbers for each sample. */
export type TargetValues = Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer>

/** The samples of one part, one behind the other in memory. */
export interface Samples {
  count: number
  features: FeatureValues
  targets: TargetValues
  /** The file or line (`file:line`) that a sample came from, where it has one of its own. */
  nameOf?(index: number): string
}

/** A dataset as its reader found it, in memory. */
export interface DatasetHandle {
  /** Short, fit for a folder's name. */
  name: string
  source: Source
  /** Shape of one sample, channels last. */
  featureShape: number[]
  /** What each value of a sample is, for tables. */
  columns?: DataColumn[]
  /** Name of the column that is the target, for tables. */
  target?: string
  /** Names of the classes in the order of their numbers; absent where targets are numbers. */
  classes?: string[]
  /** Numbers in one target; absent where targets are classes. */
  targetSize?: number
  train: Samples
  /** Absent where the source has one part only. */
  test?: Samples
  /** What was found while reading. */
  findings?: DataFinding[]
}

/** Hears how many of how many pieces of a source have been read; readers of large sources tell it often. */
export type ReadingProgress = (done: number, total: number) => void

/** One kind of source: one file, and one row in `readers/index.ts`. */
export interface Reader<Word extends Source['use']> {
  name: Word
  /**
   * The source that an experiment would write for a path that a user points at; absent where nobody can point at
   * this kind. Undefined = not of this kind.
   * @throws Failure `data.*` for a path that is of this kind but cannot be used.
   */
  match?(place: Place): Promise<SourceOf<Word> | undefined>
  /** Every file that decides the samples, so that a changed one is noticed. */
  files(source: SourceOf<Word>): string[] | Promise<string[]>
  /**
   * Reads a source. What is wrong with one of many files or lines is a finding; features that are not finite stay as
   * they are, with a finding of severity `error`.
   * @throws Failure `data.*` or `storage.*` that names the file and what is wrong with it.
   */
  open(source: SourceOf<Word>, progress?: ReadingProgress): Promise<DatasetHandle>
}

/** A path that a user points at; `entries` are the names in it when it is a folder. */
export interface Place {
  path: string
  entries?: string[]
}
