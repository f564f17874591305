import type { Experiment } from '#contract/experiment'
import type { DataFacts, Finding } from '#contract/health'
import type { Scores } from '#contract/run'
import type { Course } from './course'
import type { SeenStep } from './seen-step'
import type { LayerStructure } from './structure'

/** What a diagnosis is about. */
export interface Subject {
  experiment: Experiment
  /** The trainable layers, in the order of the rows' columns. */
  layers: readonly LayerStructure[]
  /** Names of the layers that are measured, in the order of a measurement; none where a run measures none. */
  measured: readonly string[]
  /** Numbers that the model gives for a sample. */
  outputs: number
  facts: DataFacts
}

/** What a detector sees at the moment: it stands as long as the detector goes on seeing it. */
export type Sighting = Pick<Finding, 'kind' | 'layer' | 'severity' | 'cause' | 'evidence'>

/** Watches for one thing, step by step; the same code replays a stored log. Plain numbers, no clock, no randomness. */
export interface Watch {
  /** What is to be seen before the first step. */
  begin?(): Sighting[]
  /** What is to be seen at this step, which the course has taken in. */
  look?(step: SeenStep, course: Course): Sighting[]
  /** What is to be seen at the end of an epoch. */
  score?(scores: Scores): Sighting[]
}

/** Starts to watch a run; undefined where there can be nothing to see. */
export type Detector = (subject: Subject) => Watch | undefined
