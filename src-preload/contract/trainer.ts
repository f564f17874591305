import { z } from 'zod'
import { float32Array } from './arrays'
import { activeEngine, engineName } from './engine'
import { experiment } from './experiment'
import { finding } from './health'
import { classScore, confusion, deviations, look } from './look'
import { measured } from './measured'
import { measureBatch } from './measures'
import { message } from './message-schema'
import { modelSummary, namedTensor } from './model'
import { preparationPlan } from './preparation'
import { rateRange, rateTest } from './range'
import { replay, stepRange } from './replay'
import { runEvent, runProgress, scores } from './run'
import { stepBatch } from './step-rows'
import { named, workName, workProgress } from './work'

/** A live change: a place in the experiment and its new value. */
export const change = z.object({ path: z.string(), value: z.unknown() })
export type Change = z.infer<typeof change>

/** How a stored model does on every part of its data. */
export const evaluation = z.object({
  scores,
  /** Of a classifier: how it does on each class of the test part. */
  classScores: z.array(classScore).optional(),
  engine: engineName,
  step: z.number().int()
})
export type Evaluation = z.infer<typeof evaluation>

/** What the application asks of a training process. One process trains one run at a time, and leaves when it is over. */
export const trainerRequests = {
  /**
   * Starts a new run in an empty folder, or goes on with a stored one. Answers as soon as the experiment is on disk
   * and the folder is locked; everything after that is told by events.
   */
  train: {
    input: z.object({
      /** Absolute folder of the run. */
      folder: z.string(),
      /** A new run's experiment; absent = go on with what the folder holds. */
      experiment: experiment.optional(),
      /** Folder of the prepared dataset. */
      dataset: z.string(),
      /** File with the weights that a new run's experiment names; the run keeps a copy of it. */
      weights: z.string().optional(),
      /** Epochs to add to a stored run. */
      moreEpochs: z.number().int().positive().optional(),
      /** The process stays when the run is over, and can train the next one. */
      stays: z.boolean().optional()
    }),
    output: z.null()
  },
  pause: { input: z.object({}), output: z.null() },
  /** Runs exactly one step of a paused run. */
  step: { input: z.object({}), output: z.null() },
  resume: { input: z.object({}), output: z.null() },
  /** Writes a checkpoint and ends the run; `interrupted` tells an interruption from a wish to stop. */
  stop: { input: z.object({ interrupted: z.boolean().default(false) }), output: z.null() },
  /** Answers with the first step that runs with the new value, after the change is on disk. */
  change: { input: change, output: z.object({ step: z.number().int() }) },
  /**
   * Scores a stored run's model, at its newest checkpoint, on every part of its data; a classifier also on each class
   * of the test part.
   */
  evaluate: {
    input: z.object({ folder: z.string(), dataset: z.string(), ...named }),
    output: evaluation
  },
  /**
   * Outputs of a stored run's model for samples in raw, unprepared form: `features` holds `count` samples of the
   * dataset's feature shape. The answer is as a person reads it: probabilities where the loss makes them of the
   * outputs, and for two classes two columns, though the model may have one output; numbers in the raw units of the
   * data.
   */
  predict: {
    input: z.object({
      folder: z.string(),
      dataset: z.string(),
      count: z.number().int(),
      features: float32Array
    }),
    output: z.object({ outputs: float32Array, size: z.number().int(), engine: engineName })
  },
  /** What the model makes of one raw sample: that of the run under way here, else of a stored one. */
  look: {
    input: z.object({ folder: z.string(), dataset: z.string(), features: float32Array }),
    output: look
  },
  /** How that model does on the test part. */
  confusion: { input: z.object({ folder: z.string(), dataset: z.string(), ...named }), output: confusion },
  /** The same for a model that predicts numbers. */
  deviations: { input: z.object({ folder: z.string(), dataset: z.string(), ...named }), output: deviations },
  /** What is to be seen of an experiment before it is trained: its structure, and its first batches at its first weights. */
  diagnose: {
    input: z.object({ experiment, dataset: z.string(), weights: z.string().optional() }),
    output: z.object({ findings: z.array(finding), engine: engineName })
  },
  /** How the loss of an experiment goes while its learning rate grows from step to step; nothing is kept. */
  range: {
    input: z.object({
      experiment,
      dataset: z.string(),
      weights: z.string().optional(),
      range: rateRange,
      ...named
    }),
    output: rateTest.extend({ engine: engineName, compiled: z.boolean() })
  },
  /** Runs steps of a stored run again, with everything measured; by default those before it broke, or its last ones. */
  replay: {
    input: z.object({ folder: z.string(), dataset: z.string(), steps: stepRange.optional(), ...named }),
    output: replay
  },
  /** Norms of the first batch's gradient with respect to what each trainable layer gives, before the first update. */
  firstGradients: {
    input: z.object({ experiment, dataset: z.string(), weights: z.string().optional() }),
    output: z.object({ layers: z.array(z.string()), norms: z.array(measured), engine: activeEngine })
  },
  /** Calls off what was asked under this name. */
  cancel: { input: z.object({ work: workName }), output: z.null() },
  /** Weights of a stored run's newest checkpoint as plain arrays, with what an export needs to be checked. */
  artifact: {
    input: z.object({ folder: z.string(), dataset: z.string(), samples: z.number().int() }),
    output: z.object({
      experiment,
      /** From raw samples to what the model takes, as it was fitted for the run. */
      preparation: preparationPlan,
      classes: z.array(z.string()).optional(),
      /** The layers with their shapes. */
      model: modelSummary,
      tensors: z.array(namedTensor),
      /** Raw samples from the test part, */
      samples: float32Array,
      /** the same samples prepared, */
      prepared: float32Array,
      /** and what the model itself answers for them, before what the loss does to it, in the units of prepared targets. */
      outputs: float32Array
    })
  }
} as const
export type TrainerRequests = typeof trainerRequests
export type ModelArtifact = z.infer<typeof trainerRequests.artifact.output>

/** What a training process announces. */
export const trainerEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('event'), event: runEvent }),
  z.object({ type: z.literal('steps'), batch: stepBatch }),
  z.object({ type: z.literal('measures'), batch: measureBatch }),
  z.object({ type: z.literal('progress'), progress: runProgress }),
  /** How far an answer has come that was asked for under a name. */
  z.object({ type: z.literal('work'), ...workProgress.shape }),
  /** The run is over and this process stays: it can train the next one. */
  z.object({ type: z.literal('free') }),
  /** The run broke off: a sentence for a failure; a bug has its stack besides. */
  z.object({
    type: z.literal('failed'),
    message,
    kind: z.enum(['input', 'engine', 'bug']),
    stack: z.string().optional()
  })
])
export type TrainerEvent = z.infer<typeof trainerEvent>
