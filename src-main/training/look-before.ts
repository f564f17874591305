import * as tf from '@tensorflow/tfjs-core'
import type { Experiment } from '#contract/experiment'
import type { Finding } from '#contract/health'
import { epochOrder } from '../datasets/parts'
import { buildChain } from '../gradients/chain'
import { judgeStep } from '../gradients/guard'
import { openDiagnosis } from '../health/diagnose'
import { subjectOf } from '../health/subject'
import { factsOf } from './data-facts'
import { initialize } from './initialize'
import { rowOf, unpack } from './measurements'
import { stepsPerEpoch } from './position'
import type { OpenedModel } from './session'
import { tensorsOf, writeStep } from './step'

/** What holds for so many different batches is no accident of one. */
const BATCHES = 10

/**
 * What is to be seen before training: the structure, and what the first batches would do to the first weights. Each of
 * them meets the weights as they are at first; nothing is written.
 * @throws Failure `training.weights*`, `storage.*` for weights that cannot be used
 */
export async function lookBefore(
  experiment: Experiment,
  opened: OpenedModel,
  weights: string | undefined
): Promise<Finding[]> {
  const { model, loss, parts, prepare, preparation, batches, feed, classes } = opened
  const { batchSize } = experiment.training
  const chain = buildChain(experiment.gradients, model.parameters)
  const first = await initialize(weights, experiment, opened)
  const state = { ...first, chainState: chain.init(first.parameters) }
  const facts = factsOf(parts.train, preparation, classes)
  const diagnosis = openDiagnosis(subjectOf(experiment, model.summary, model.layers, facts))
  const program = writeStep(model, loss, chain, prepare)
  const clock = {
    step: 0,
    updates: 0,
    epoch: 0,
    stepsPerEpoch: stepsPerEpoch(parts.train.count, batchSize)
  }
  const scalars = {
    ...chain.scalars(clock, experiment.gradients),
    ...model.scalars(experiment.model.layers)
  }
  const order = epochOrder(parts.train.count, experiment.seed, 0)

  diagnosis.begin()
  try {
    for (let index = 0; index < BATCHES && index * batchSize < order.length; index++) {
      const positions = order.slice(index * batchSize, (index + 1) * batchSize)
      const seed = [experiment.seed | 0, index] as const
      const packed = tf.tidy(() => {
        const fed = Object.fromEntries(
          Object.entries(scalars).map(([name, value]) => [name, tf.scalar(value)])
        )
        return program(state, feed({ ...batches(positions, 0, index), seed }), fed).packed.dataSync()
      }) as Float32Array
      const measured = unpack(packed, model.parameters.length)
      const row = rowOf(
        measured,
        {
          epoch: 0,
          rate: chain.rate(clock, experiment.gradients),
          threshold: chain.threshold(experiment.gradients),
          refused: !measured.accepted && judgeStep(measured, model.parameters) !== undefined
        },
        model.layers,
        model.parameters
      )
      diagnosis.look(row, index + 1)
    }
  } finally {
    tf.dispose(tensorsOf(state))
  }
  // Nothing was done yet.
  return diagnosis.findings.map((finding) => ({ ...finding, step: 0 }))
}
