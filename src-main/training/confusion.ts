import { setImmediate as nextTurn } from 'node:timers/promises'
import * as tf from '@tensorflow/tfjs-core'
import { Failure } from '#contract/failure'
import type { Confusion } from '#contract/look'
import type { Report } from '#contract/work'
import { classScoresOf, countsIn } from './class-scores'
import { applyModel, decisive, onCopy, readable } from './evaluate'
import type { LoadedModel } from './loaded-model'
import { readOut } from './read-out'
import type { TrainState } from './step'

/** Samples in one forward pass: few, because steps and other questions wait for it. */
const CONFUSION_BATCH = 250
const SAMPLES_OF_A_CELL = 50
const MOST_MISTAKES = 100

/** What the model makes of one test sample. */
interface Guess {
  /** Position in the source's part. */
  sample: number
  actual: number
  predicted: number
  /** Of the predicted class; where the loss makes no probabilities, the output itself, held within 0 and 1. */
  probability: number
}

/**
 * How a classifier does on the test part, with the weights as they are when it is asked; a run at work goes on
 * between the batches.
 * @throws Failure `training.noClasses` for a model that predicts numbers
 */
export async function confusionOf(loaded: LoadedModel, report: Report = () => undefined): Promise<Confusion> {
  const { classes, folder, parts, step } = loaded
  if (!classes) throw new Failure('training.noClasses', { path: folder })
  const guesses = await onCopy(loaded.state, (weights) => guessAll(loaded, classes, weights, report))

  const cells = new Map<number, Guess[]>()
  // Sorted once: what is gathered from here on has the surest first.
  for (const guess of guesses.sort((a, b) => b.probability - a.probability)) {
    const cell = guess.actual * classes.length + guess.predicted
    if (!cells.get(cell)?.push(guess)) cells.set(cell, [guess])
  }
  const counts = Array.from({ length: classes.length ** 2 }, (_, cell) => cells.get(cell)?.length ?? 0)
  return {
    step,
    classes,
    counts,
    classScores: classScoresOf(classes, countsIn(counts, classes.length)),
    cells: [...cells.keys()]
      .sort((a, b) => a - b)
      .map((cell) => ({
        actual: Math.floor(cell / classes.length),
        predicted: cell % classes.length,
        samples: (cells.get(cell) ?? []).slice(0, SAMPLES_OF_A_CELL).map(({ sample }) => sample)
      })),
    mistakes: guesses.filter(({ actual, predicted }) => actual !== predicted).slice(0, MOST_MISTAKES),
    part: parts.test.from
  }
}

async function guessAll(
  { model, loss, feedSamples, experiment, parts: { test } }: LoadedModel,
  classes: readonly string[],
  weights: TrainState,
  report: Report
): Promise<Guess[]> {
  const guesses: Guess[] = []
  for (let start = 0; start < test.count; start += CONFUSION_BATCH) {
    report(
      { key: 'training.progress.samples', values: { done: start, count: test.count } },
      start / test.count
    )
    const count = Math.min(CONFUSION_BATCH, test.count - start)
    const { features, targets } = test.gather(Uint32Array.from({ length: count }, (_, i) => start + i))
    const [predicted, sureness] = readOut(() => {
      const outputs = applyModel(model, weights, feedSamples(count, features))
      // Rounding makes large outputs equal probabilities; the outputs themselves still tell them apart.
      const guessed = tf.argMax(decisive(outputs, loss, classes.length), 1)
      return [guessed.dataSync(), tf.max(readable(outputs, experiment.loss, classes.length), 1).dataSync()]
    })
    for (let i = 0; i < count; i++)
      guesses.push({
        sample: test.indices[start + i],
        actual: targets[i],
        predicted: predicted[i],
        // NaN, which an overflow in the forward pass gives, is no sureness at all.
        probability: sureness[i] >= 0 ? Math.min(1, sureness[i]) : 0
      })
    await nextTurn()
  }
  return guesses
}
