import { setImmediate as nextTurn } from 'node:timers/promises'
import * as tf from '@tensorflow/tfjs-core'
import { resolve } from 'node:path'
import { Failure } from '#contract/failure'
import { changeLive, inOrder } from '#contract/live'
import type { ActiveEngine } from '#contract/engine'
import type { ClassScore } from '#contract/look'
import type { Scores } from '#contract/run'
import type { Evaluation, ModelArtifact, TrainerRequests } from '#contract/trainer'
import type { OutputOf } from '#contract/wire'
import type { Report } from '#contract/work'
import type { Part } from '../datasets/parts'
import { prepareSamples, rawTargets } from '../datasets/preparation/apply'
import { checkGivenCodes } from '../datasets/preparation/check-codes'
import { sizeOf } from '../models/layer'
import { markOfNewest, readNewestCheckpoint, readTensors } from './checkpoint'
import { applyModel, columnsOf, evaluate, readable } from './evaluate'
import type { LoadedModel } from './loaded-model'
import { writePrograms } from './program-functions'
import { openPrograms } from './programs'
import { readOut } from './read-out'
import { readEvents, readExperiment, readPreparation } from './run-log'
import { openModel } from './opened-model'
import { copyOf, tensorsOf } from './step'

/** Samples in one forward pass of a prediction. */
const PREDICTION_BATCH = 500

/** Stored runs' models at their newest checkpoints; the last one that was asked stays in memory. */
export interface StoredModels {
  /**
   * Puts a question to the model of the run in this folder. What the question reads before it waits fits together;
   * whatever it needs for longer it must copy, because the next question may be about another model.
   * @throws Failure `training.noCheckpoint`; `storage.*`, `data.*`, `model.*` for what cannot be opened
   */
  ask<Answer>(
    folder: string,
    dataset: string,
    question: (model: LoadedModel) => Answer | Promise<Answer>
  ): Promise<Answer>
}

/** Opens stored models; needs an engine that has started. */
export function openStoredModels(): StoredModels {
  let kept: { mark: string; model: LoadedModel } | undefined
  let turn: Promise<unknown> = Promise.resolve()

  async function open(folder: string, dataset: string): Promise<LoadedModel> {
    const mark = JSON.stringify([resolve(folder), dataset, await markOfNewest(folder)])
    if (kept?.mark === mark) return kept.model
    if (kept) tf.dispose(tensorsOf(kept.model.state))
    kept = undefined
    const model = await openStoredModel(folder, dataset)
    kept = { mark, model }
    return model
  }
  return {
    async ask(folder, dataset, question) {
      // One after the other, so that none takes the model away that another has just opened.
      const asked = turn.then(async () => ({ answer: question(await open(folder, dataset)) }))
      turn = asked.catch(() => undefined)
      return (await asked).answer
    }
  }
}

async function openStoredModel(folder: string, dataset: string): Promise<LoadedModel> {
  const events = await readEvents(folder)
  const changes = inOrder(events.filter((event) => event.type === 'changed'))
  const experiment = changes.reduce(
    (changed, { path, to }) => changeLive(changed, path, to),
    await readExperiment(folder)
  )
  const opened = await openModel(experiment, dataset, await readPreparation(folder))
  const checkpoint = await readNewestCheckpoint(folder)
  if (!checkpoint) throw new Failure('training.noCheckpoint', { path: folder })
  const { state, position } = checkpoint
  return { ...opened, folder: resolve(folder), experiment, state, step: position.step }
}

/** Scores of a model on every part of its data, and of a classifier on each class of the test part. */
export async function scoresOf(
  loaded: LoadedModel,
  engine: ActiveEngine,
  report: Report
): Promise<Evaluation> {
  const parts = Object.entries<Part | undefined>({ ...loaded.parts })
  const count = parts.reduce((sum, [, part]) => sum + (part?.count ?? 0), 0)
  const scores: Scores = {}
  let classScores: ClassScore[] | undefined
  let scored = 0
  // A copy: the model itself may go while samples are scored.
  const { parameters, layerState } = loaded.state
  const programs = openPrograms({
    functions: writePrograms(loaded),
    sampleShape: loaded.preparation.sampleShape,
    state: copyOf({ parameters, layerState, chainState: {} })
  })
  try {
    for (const [name, part] of parts) {
      if (!part || part.count === 0) continue
      const tally = await evaluate(loaded, programs, part, async (done) => {
        const values = { done: scored + done, count }
        report({ key: 'training.progress.samples', values }, values.done / count)
        await nextTurn()
      })
      scored += part.count
      scores[name as keyof Scores] = tally.score()
      if (name === 'test') classScores = tally.classScores?.()
    }
  } finally {
    programs.dispose()
  }
  return { scores, ...(classScores && { classScores }), engine: engine.name, step: loaded.step }
}

/**
 * Outputs of a model for raw samples as a person reads them, `size` for each.
 * @throws Failure `data.notACode.given` for numbers that a first table of codes does not have
 */
export function predict(
  loaded: LoadedModel,
  { count, features }: { count: number; features: Float32Array },
  engine: ActiveEngine
): OutputOf<TrainerRequests, 'predict'> {
  checkGivenCodes(features, loaded.experiment, loaded.preparation)
  const outputs = rawTargets(answer(loaded, features, count, true), loaded.preparation.targets)
  const size = columnsOf(loaded.model.outputShape[0], loaded.classes?.length)
  return { outputs, size, engine: engine.name }
}

/** A model's weights as plain arrays, with raw samples of its test part and what it answers for them. */
export function artifactOf(loaded: LoadedModel, samples: number): ModelArtifact {
  const { test, train } = loaded.parts
  const part = test.count > 0 ? test : train
  const count = Math.min(samples, part.count)
  const { features } = part.gather(Uint32Array.from({ length: count }, (_, index) => index))
  const { parameters, layerState } = loaded.state
  return {
    experiment: loaded.experiment,
    preparation: loaded.preparation,
    classes: loaded.classes,
    model: loaded.model.summary,
    tensors: readTensors({ parameters, layerState, chainState: {} }).map(({ name, shape, values }) => ({
      name: name.slice(name.indexOf('/') + 1),
      shape,
      values
    })),
    samples: Float32Array.from(features),
    prepared: prepareSamples(loaded.preparation, features),
    outputs: answer(loaded, features, count, false)
  }
}

function answer(
  { model, feedSamples, preparation, experiment, classes, state }: LoadedModel,
  features: Uint8Array | Float32Array,
  count: number,
  isReadable: boolean
): Float32Array {
  const [own] = model.outputShape
  const size = isReadable ? columnsOf(own, classes?.length) : own
  const sampleSize = sizeOf(preparation.sampleShape)
  const outputs = new Float32Array(count * size)
  for (let start = 0; start < count; start += PREDICTION_BATCH) {
    const batch = Math.min(PREDICTION_BATCH, count - start)
    const values = readOut(() => {
      const samples = features.slice(start * sampleSize, (start + batch) * sampleSize)
      const result = applyModel(model, state, feedSamples(batch, samples))
      const wanted = isReadable ? readable(result, experiment.loss, classes?.length) : result
      return wanted.dataSync() as Float32Array
    })
    outputs.set(values, start * size)
  }
  return outputs
}
