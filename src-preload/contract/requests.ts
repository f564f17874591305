import { z } from 'zod'
import { float32Array } from './arrays'
import { datasetSummary } from './dataset'
import { engineName, engineStatus } from './engine'
import { finding } from './health'
import { experiment } from './experiment'
import { foreignModel } from './import'
import { storedExperiment } from './library'
import {
  augmentedSamples,
  augmentQuestion,
  confusion,
  dataPlan,
  deviations,
  look,
  samplePage,
  sampleQuestion,
  testedQuestion,
  testedSamples
} from './look'
import { message } from './message-schema'
import { modelSummary } from './model'
import { measureWindow } from './measures'
import { rateRange, rateTest } from './range'
import { replay, stepRange } from './replay'
import { runDetail, runListing } from './run'
import { stepWindow } from './step-rows'
import { fileList, fileRoot } from './files'
import { librarySource, settings, settingsChange } from './settings'
import { shippedStudy, studyOrder, studyResult } from './study'
import { change, evaluation } from './trainer'
import { source } from './vocabulary'
import { named, workName } from './work'
import { exportFormat, exportReport } from './worker'

const nothing = z.object({})
const run = z.object({ run: z.string() })
/** What a user is asked for; each kind remembers the folder that was chosen last. */
const chosen = z.enum(['data', 'dataFolder', 'model', 'modelFolder', 'library', 'export'])

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
      /** What decided which folder that is. */
      librarySource,
      /** Why it is not the folder that the settings name. */
      libraryProblem: message.optional(),
      engine: engineStatus,
      presets: z.array(preset)
    })
  },
  /** Calls off what was asked under this name. */
  'work.cancel': { input: z.object({ work: workName }), output: z.null() },

  /** Works with another library from now on, or with the system's own; what is in the old one stays there. */
  'library.use': {
    input: z.object({ folder: z.string().min(1).nullable() }),
    output: z.object({ library: z.string() })
  },

  /** Lets the user choose with the system's own dialog; null = nothing was chosen. Desktop only. */
  'desktop.choose': { input: z.object({ what: chosen }), output: z.object({ path: z.string().nullable() }) },

  /** The folders that were named when the shell was started; only what is in them can be looked through. */
  'files.roots': { input: nothing, output: z.array(fileRoot) },
  /** What a folder within these holds, or the folder of a file. */
  'files.list': { input: z.object({ path: z.string() }), output: fileList },
  /** Says whether so many bytes and files can be taken in. Refused where they cannot. */
  'files.room': {
    input: z.object({ bytes: z.number().min(0), files: z.number().int().min(1) }),
    output: z.null()
  },

  /** With `verify` every byte of what is installed is compared first, which takes seconds. */
  'engine.status': { input: z.object({ verify: z.boolean().optional() }), output: engineStatus },
  /** Progress is announced; answers when it is done. */
  'engine.install': {
    input: z.object({ from: z.string().optional(), gpu: z.boolean().optional() }),
    output: engineStatus
  },
  'engine.cancel': { input: nothing, output: z.null() },
  /** Deletes every engine, or the one for graphics cards alone. */
  'engine.remove': { input: z.object({ gpu: z.boolean().optional() }), output: z.null() },

  'data.describe': { input: z.object({ source, ...named }), output: datasetSummary },
  /** Samples of a source, in raw form. */
  'data.samples': { input: sampleQuestion.extend({ source }), output: samplePage },
  /** What a run of an experiment would train on: its parts, what cleaning does, and the fitted preparation. */
  'data.plan': { input: z.object({ experiment: z.unknown() }), output: dataPlan },
  /** Training samples as the experiment's augmentation would change them in the first epochs, in raw form. */
  'data.augmentation': {
    input: augmentQuestion.extend({ experiment: z.unknown() }),
    output: augmentedSamples
  },
  /** What a file or a folder holds; nothing is kept. */
  'data.inspect': { input: z.object({ path: z.string(), ...named }), output: datasetSummary },
  /** The same, kept in prepared form, because it is about to be used. */
  'data.open': { input: z.object({ path: z.string(), ...named }), output: datasetSummary },
  /** Shapes and costs of the layers; the input's shape comes from the experiment's data. */
  'model.describe': { input: z.object({ experiment: z.unknown() }), output: modelSummary },

  /**
   * A model of another program as an experiment, its weights kept in the library; data and whatever else the model does
   * not tell come from the base. There is no experiment where a layer cannot be represented, and the model says why.
   */
  'model.import': {
    input: z.object({ path: z.string(), base: z.unknown().optional(), ...named }),
    output: z.object({ model: foreignModel, experiment: experiment.optional() })
  },
  /** What a file of another program's model holds; null for a path that does not look like one. */
  'model.inspect': { input: z.object({ path: z.string() }), output: foreignModel.nullable() },

  /**
   * Checks the experiment, makes a run folder and starts its trainer; answers when the run is on disk. Runs that it
   * shall take the place of are stopped with a checkpoint first.
   */
  'run.start': {
    input: z.object({
      experiment: z.unknown(),
      out: z.string().optional(),
      insteadOf: z.array(z.string()).optional()
    }),
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
  /** What was measured of a run's layers: from number `from` on, else the newest, as many as fit into a message. */
  'run.measures': { input: run.extend({ from: z.number().int().optional() }), output: measureWindow },
  /** What the newest weights make of one raw sample; while the run goes on it is answered between two steps. */
  'run.look': { input: run.extend({ features: float32Array }), output: look },
  /** How the newest weights do on the test part of a classification run. */
  'run.confusion': { input: run.extend(named), output: confusion },
  /** How the newest weights do on the test part of a run whose targets are numbers. */
  'run.deviations': { input: run.extend(named), output: deviations },
  /** Samples of the part that a run is tested on. */
  'run.samples': { input: run.extend(testedQuestion.shape), output: testedSamples },
  'run.rename': { input: run.extend({ name: z.string().min(1).max(200) }), output: z.null() },
  'run.note': { input: run.extend({ note: z.string().max(10_000) }), output: z.null() },
  /** Moves a run's folder to the library's trash; only a run that is not at work. */
  'run.delete': { input: run, output: z.null() },
  /** Takes a run back out of the trash. */
  'run.restore': { input: run, output: z.null() },

  /** What was being edited, as it was saved last; it survives a crash. */
  'draft.read': { input: nothing, output: z.object({ draft: z.unknown() }) },
  /** `window` is a name that the window gave itself, so that it knows its own change when it is announced. */
  'draft.save': {
    input: z.object({ draft: z.unknown(), window: z.string().optional() }),
    output: z.null()
  },

  /** Experiments kept in the library, the newest first. */
  'experiment.list': { input: nothing, output: z.array(storedExperiment) },
  'experiment.open': { input: z.object({ id: z.string() }), output: experiment },
  /** Keeps an experiment: as a new file, or in the place of the one with this id. */
  'experiment.save': {
    input: z.object({ experiment: z.unknown(), id: z.string().optional() }),
    output: storedExperiment
  },
  /** Moves an experiment's file to the library's trash. */
  'experiment.delete': { input: z.object({ id: z.string() }), output: z.null() },

  'settings.read': { input: nothing, output: settings },
  'settings.change': { input: settingsChange, output: settings },

  /** What is to be seen of an experiment before it is trained; nothing of it is kept. */
  'experiment.diagnose': {
    input: z.object({ experiment: z.unknown() }),
    output: z.object({ findings: z.array(finding), engine: engineName })
  },
  /** How the loss of an experiment goes while its learning rate grows from step to step; nothing of it is kept. */
  'experiment.range': {
    input: rateRange.extend({ experiment: z.unknown(), ...named }),
    output: rateTest.extend({ engine: engineName, compiled: z.boolean() })
  },
  /** What is to be seen in what is stored of a run; the same as was found while it went on. */
  'run.diagnose': { input: run, output: z.object({ findings: z.array(finding), steps: z.number().int() }) },

  /**
   * Runs steps of a run that is over again, with everything measured, and compares them with the first time; by default
   * the last ones before it broke, else its last ones.
   */
  'run.replay': { input: run.extend({ steps: stepRange.optional(), ...named }), output: replay },
  /** The studies that come with the product, with their results. */
  'study.list': { input: nothing, output: z.array(shippedStudy) },
  /**
   * Trains every cell of a study with every seed, one run after the other, below `out` or in the library, and answers
   * with what came of them. Runs that were trained for a study before are found again, interrupted ones go on. Each
   * finished one is announced. Called off, the run under way is stopped with a checkpoint.
   */
  'study.run': { input: studyOrder, output: studyResult },

  'run.evaluate': { input: run.extend(named), output: evaluation },
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
    input: run.extend({
      format: exportFormat,
      path: z.string(),
      overwrite: z.boolean().default(false),
      ...named
    }),
    output: exportReport
  }
} as const
export type Requests = typeof requests
