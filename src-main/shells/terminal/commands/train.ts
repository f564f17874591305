import { resolve } from 'node:path'
import { Failure } from '#contract/failure'
import { changeLive } from '#contract/live'
import type { Command } from '../arguments'
import type { Context, RunCommand } from '../context'
import { readExperimentFile } from '../experiment-file'
import { positiveInteger } from '../positive-integer'
import { runReference } from '../run-reference'
import { parseSet } from '../set-option'
import { watchRun } from '../watch-run'

/** `train <experiment.json | preset> | --resume RUN`: trains until the run ends, and tells everything that happens. */
export const train: RunCommand = async (command, context) => {
  const { experiment, resume, moreEpochs } = readTask(command)
  const outcome = watchRun(context)
  const begin = async (): Promise<void> => {
    if (experiment !== undefined) await startNew(experiment, command, context)
    else await goOn(resume, moreEpochs, command, context)
  }
  // Together, because a run may break off before its beginning has been answered.
  const [code] = await Promise.all([outcome, begin()])
  return code
}

type Task =
  | { experiment: string; resume?: never; moreEpochs?: never }
  | { experiment?: never; resume: string; moreEpochs: number | undefined }

function readTask({ taken: [experiment], options }: Command): Task {
  const { resume, out, 'more-epochs': more } = options
  if (resume === undefined) {
    if (experiment === undefined) throw new Failure('terminal.nothingToTrain')
    if (more !== undefined)
      throw new Failure('terminal.onlyWith', { option: '--more-epochs', other: '--resume' })
    return { experiment }
  }
  if (experiment !== undefined)
    throw new Failure('terminal.eitherOr', { first: experiment, second: '--resume' })
  if (out !== undefined) throw new Failure('terminal.notWith', { option: '--out', other: '--resume' })
  return { resume, moreEpochs: more === undefined ? undefined : positiveInteger('--more-epochs', more) }
}

async function startNew(path: string, { set, options }: Command, context: Context): Promise<void> {
  const { world, call } = context
  const experiment = await readExperimentFile(path, set, context)
  await call('run.start', {
    experiment,
    ...(options.out !== undefined && { out: resolve(world.folder, options.out) })
  })
}

/** What `--set` changes of a stored run changes live, and is therefore logged with its step. */
async function goOn(
  resume: string,
  moreEpochs: number | undefined,
  { set }: Command,
  { world, call }: Context
): Promise<void> {
  const changes = set.map(parseSet)
  const reference = runReference(resume, world.folder)
  const { current } = await call('run.open', { run: reference })
  changes.forEach(({ path, value }) => changeLive(current, path, value))
  const { run } = await call('run.continue', {
    run: reference,
    ...(moreEpochs !== undefined && { moreEpochs })
  })
  await Promise.all(changes.map((change) => call('run.change', { run, ...change })))
}
