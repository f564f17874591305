import { z } from 'zod'
import { gpuSample, installProgress } from './engine'
import { measureBatch } from './measures'
import { message } from './message-schema'
import { settings } from './settings'
import { runEvent, runListing, runProgress } from './run'
import { stepBatch } from './step-rows'
import { cellLabels, studyRun } from './study'
import { workName, workProgress } from './work'

/** Everything the workbench announces. `run` is the run's id. */
export const workbenchEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run.event'), run: z.string(), event: runEvent }),
  z.object({ type: z.literal('run.steps'), run: z.string(), batch: stepBatch }),
  z.object({ type: z.literal('run.measures'), run: z.string(), batch: measureBatch }),
  z.object({ type: z.literal('run.progress'), run: z.string(), progress: runProgress }),
  /** A run was added or its place in the list changed. */
  z.object({ type: z.literal('run.listed'), listing: runListing }),
  /** A run was moved to the trash. */
  z.object({ type: z.literal('run.deleted'), run: z.string() }),
  z.object({ type: z.literal('settings.changed'), settings }),
  /** Everything that a page knows of runs, experiments and the draft is that of another library now. */
  z.object({ type: z.literal('library.changed'), library: z.string() }),
  /** The draft was saved, by the window of this name. */
  z.object({ type: z.literal('draft.saved'), window: z.string().optional() }),
  /** How far something has come that was asked under a name. */
  z.object({ type: z.literal('work.progress'), ...workProgress.shape }),
  /** A run of a study is over: its cell, what it gave, and how many of how many are done. Named as it was asked for. */
  z.object({
    type: z.literal('study.run'),
    work: workName.optional(),
    labels: cellLabels,
    run: studyRun,
    done: z.number().int(),
    of: z.number().int()
  }),
  /** The trainer broke off; the run itself can go on from its last checkpoint. */
  z.object({
    type: z.literal('run.failed'),
    run: z.string(),
    message,
    kind: z.enum(['input', 'engine', 'bug', 'crash']),
    stack: z.string().optional()
  }),
  z.object({ type: z.literal('engine.progress'), progress: installProgress }),
  /** How busy the graphics card is while a run computes on it; without a sample, its driver does not tell. */
  z.object({ type: z.literal('gpu.sampled'), sample: gpuSample.optional() })
])
export type WorkbenchEvent = z.infer<typeof workbenchEvent>
