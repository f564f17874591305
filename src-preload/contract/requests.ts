import { z } from 'zod'
import { float32Array } from './arrays'
import { datasetSummary } from './dataset'
import { engineName, engineStatus } from './engine'
import { experiment } from './experiment'
import { modelSummary } from './model'
import { runDetail, runListing, scores, stepWindow } from './run'
import { change } from './trainer'
import { source } from './vocabulary'
import { exportFormat, exportReport } from './worker'

const nothing = z.object({})
const run = z.object({ run: z.string() })

/** An experiment that comes with the product. */
export const preset = z.object({ id: z.string(), experiment })
export type Preset = z.infer<typeof preset>

/**
 * Everything a shell can ask of the workbench: through Electron's IPC, through a WebSocket, or directly on the
 * command line. `run` is an id in the library or an absolute folder.
 */
export const requests = {
  describe: {
    input: nothing,
    output: z.object({
      version: z.string(),
      shell: z.enum(['electron', 'browser', 'terminal']),
      library: z.string(),
      engine: engineStatus,
      presets: z.array(preset)
    })
  },

  'engine.status': { input: nothing, output: engineStatus },
  /** Progress is announced; answers when it is done. */
  'engine.install': { input: z.object({ from: z.string().optional() }), output: engineStatus },
  'engine.cancel': { input: nothing, output: z.null() },
  'engine.remove': { input: nothing, output: z.null() },

  'data.describe': { input: z.object({ source }), output: datasetSummary },
  'data.inspect': { input: z.object({ path: z.string() }), output: datasetSummary },
  /** Shapes and costs of the layers; the input's shape comes from the experiment's data. */
  'model.describe': { input: z.object({ experiment: z.unknown() }), output: modelSummary },

  /** Checks the experiment, makes a run folder and starts its trainer; answers when the run is on disk. */
  'run.start': {
    input: z.object({ experiment: z.unknown(), out: z.string().optional() }),
    output: z.object({ run: z.string(), folder: z.string() })
  },
  /** Goes on with a stored run from its newest checkpoint. */
  'run.continue': {
    input: run.extend({ moreEpochs: z.number().int().positive().optional() }),
    output: z.object({ run: z.string(), folder: z.string() })
  },
  'run.pause': { input: run, output: z.null() },
  'run.step': { input: run, output: z.null() },
  'run.resume': { input: run, output: z.null() },
  'run.stop': { input: run, output: z.null() },
  'run.change': { input: run.extend(change.shape), output: z.object({ step: z.number().int() }) },

  'run.list': { input: nothing, output: z.array(runListing) },
  'run.open': { input: run, output: runDetail },
  /** Stored steps from `from` to `to` (default: all) in at most `points` buckets. */
  'run.window': {
    input: run.extend({
      from: z.number().int().optional(),
      to: z.number().int().optional(),
      points: z.number().int().min(1).max(4000)
    }),
    output: stepWindow
  },
  'run.evaluate': {
    input: run,
    output: z.object({ scores, engine: engineName, step: z.number().int() })
  },
  /** Outputs for the samples of a file. */
  'run.predict': {
    input: run.extend({ input: z.string() }),
    output: z.object({
      count: z.number().int(),
      outputs: float32Array,
      size: z.number().int(),
      classes: z.array(z.string()).optional()
    })
  },
  'run.export': {
    input: run.extend({ format: exportFormat, path: z.string(), overwrite: z.boolean().default(false) }),
    output: exportReport
  }
} as const
export type Requests = typeof requests
