import type { Experiment } from '#contract/experiment'
import { buildChain, type Chain } from '../gradients/chain'
import { initialize } from './initialize'
import type { OpenedModel } from './opened-model'
import { writePrograms } from './program-functions'
import { openPrograms, type Programs } from './programs'

/** Steps that are tried and thrown away. */
export interface Trial {
  chain: Chain
  /** Over the weights that a run would begin with; whoever has them disposes them. */
  programs: Programs
}

/**
 * Opens a trial of an experiment. With `mayCompile` false everything runs kernel after kernel: few steps are done before a
 * graph is made.
 * @throws Failure `training.weights*`, `storage.*` for weights that cannot be used
 */
export async function openTrial(
  experiment: Experiment,
  opened: OpenedModel,
  weights: string | undefined,
  options: { mayCompile?: false } = {}
): Promise<Trial> {
  const chain = buildChain(experiment.gradients, opened.model.parameters)
  const first = await initialize(weights, experiment, opened)
  const programs = openPrograms({
    functions: writePrograms({ ...opened, maxUpdateRatio: experiment.guard.maxUpdateRatio }, chain),
    sampleShape: opened.preparation.sampleShape,
    state: { ...first, chainState: chain.init(first.parameters) },
    ...options
  })
  return { chain, programs }
}
