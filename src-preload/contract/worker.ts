import { z } from 'zod'
import { float32Array } from './arrays'
import { dataColumn, datasetSummary } from './dataset'
import { experiment } from './experiment'
import { foreignModel } from './import'
import {
  augmentedSamples,
  augmentQuestion,
  dataPlan,
  samplePage,
  sampleQuestion,
  testedQuestion,
  testedSamples
} from './look'
import { modelSummary, namedTensor } from './model'
import { trainerRequests } from './trainer'
import { source } from './vocabulary'
import { named, workName, workProgress } from './work'

export const exportFormat = z.enum(['tfjs'])
export type ExportFormat = z.infer<typeof exportFormat>

/** How an export compares with the model it was made from. */
export const exportReport = z.object({
  format: exportFormat,
  path: z.string(),
  bytes: z.number(),
  /** Samples on which both were compared. */
  samples: z.number().int(),
  /** Largest absolute difference of any output, and of any output relative to the largest one. */
  largestDifference: z.number(),
  relativeDifference: z.number()
})
export type ExportReport = z.infer<typeof exportReport>

/** What the application asks of the worker process, which opens files that are not to be trusted. */
export const workerRequests = {
  /** Reads and checks a source and keeps it in prepared form below `folder`; answers with the folder of its own. */
  prepare: {
    input: z.object({ source, library: z.string(), ...named }),
    output: z.object({ folder: z.string(), summary: datasetSummary })
  },
  /** Reads and checks a file, or a folder with a known layout, and keeps nothing. */
  inspect: { input: z.object({ path: z.string(), ...named }), output: datasetSummary },
  /** The source that a path stands for. */
  recognize: { input: z.object({ path: z.string() }), output: source },
  /** Samples of a source, from its prepared form. */
  samples: { input: sampleQuestion.extend({ source, library: z.string() }), output: samplePage },
  /** Samples of the part that a run of an experiment is tested on. */
  testedSamples: {
    input: testedQuestion.extend({ experiment, library: z.string() }),
    output: testedSamples
  },
  /** What a run of an experiment would train on: its parts, what cleaning does, and the fitted preparation. */
  planData: { input: z.object({ experiment, library: z.string() }), output: dataPlan },
  /** Training samples of an experiment as its augmentation changes them in the first epochs. */
  augment: { input: augmentQuestion.extend({ experiment, library: z.string() }), output: augmentedSamples },
  /** Shapes, parameters and costs of an experiment's layers for the prepared samples of a dataset. */
  describeModel: {
    input: z.object({ experiment, data: datasetSummary }),
    output: modelSummary
  },
  /** Writes an export, reads it back and compares it; nothing is left when it differs. */
  export: {
    input: z.object({
      artifact: trainerRequests.artifact.output,
      format: exportFormat,
      path: z.string(),
      overwrite: z.boolean().default(false),
      ...named
    }),
    output: exportReport
  },
  /**
   * Reads a model of another program. `ground` gives the data it is trained on. There is no experiment, and there are
   * no tensors, where a layer cannot be represented.
   */
  importModel: {
    input: z.object({
      path: z.string(),
      ground: z.object({ experiment, data: datasetSummary }).optional()
    }),
    output: z.object({
      model: foreignModel,
      composed: z.object({ experiment, tensors: z.array(namedTensor) }).optional()
    })
  },
  /** What a file of another program's model holds; null for a path that does not look like one. */
  inspectModel: { input: z.object({ path: z.string() }), output: foreignModel.nullable() },
  /**
   * Samples of a file in the raw form that `predict` takes; `shape` is the shape of one sample, `columns` what its
   * values are, `resize` whether images are brought to that shape.
   */
  readSamples: {
    input: z.object({
      path: z.string(),
      shape: z.array(z.number().int()),
      columns: z.array(dataColumn).optional(),
      resize: z.boolean().optional(),
      limit: z.number().int()
    }),
    output: z.object({ count: z.number().int(), features: float32Array })
  },
  /** Calls off what was asked under this name. */
  cancel: { input: z.object({ work: workName }), output: z.null() }
} as const
export type WorkerRequests = typeof workerRequests

/** How far something has come; without a name nobody has asked to hear of it. */
export const workerEvent = z.object({
  type: z.literal('progress'),
  ...workProgress.partial({ work: true }).shape
})
export type WorkerEvent = z.infer<typeof workerEvent>
