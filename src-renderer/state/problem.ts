import { parseExperiment, type Experiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import type { Sketch } from './content'

/** Why a draft cannot be trained, and where: `layer` is a place in the stack, `path` one in the experiment. */
export interface Problem {
  failure: Failure
  path?: string
  layer?: number
}

/** The experiment in a sketch, or the first thing that keeps it from being one. */
export function checkSketch(value: Sketch | undefined): { experiment?: Experiment; problem?: Problem } {
  if (!value) return {}
  try {
    return { experiment: parseExperiment(value) }
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure
    const { values, key } = failure
    const path = values.path ?? (key === 'experiment.sameName' ? values.second : paths[key])
    const layer = /^model\.layers\.(\d+)/.exec(String(path))
    return {
      problem: {
        failure,
        ...(path !== undefined && { path: String(path) }),
        ...(layer && { layer: Number(layer[1]) })
      }
    }
  }
}

/** Where the failures are that name no path. */
const paths: Partial<Record<Failure['key'], string>> = {
  'experiment.epochsOrSteps': 'training',
  'experiment.noOptimizer': 'gradients',
  'experiment.twoOptimizers': 'gradients'
}
