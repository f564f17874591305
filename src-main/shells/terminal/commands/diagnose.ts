import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Failure } from '#contract/failure'
import type { Finding } from '#contract/health'
import type { Command } from '../arguments'
import type { Context, RunCommand } from '../context'
import { ExitCode } from '../exit-codes'
import { readExperimentFile } from '../experiment-file'
import { findRun } from '../run-reference'
import { describeFinding } from '../watch-run'

/**
 * `diagnose <experiment.json | preset | RUN>`: what is to be seen before training, of which nothing is kept, or in what
 * is stored of a run.
 */
export const diagnose: RunCommand = async (command, context) => {
  const { output } = context
  const { findings, ...about } = (await isRun(command.taken[0], context))
    ? await lookAfter(command, context)
    : await lookBefore(command, context)
  for (const finding of findings) {
    output.json('finding', withLayer(finding))
    describeFinding(output, finding).forEach(output.tell)
  }
  if (findings.length === 0) output.tell(output.say('terminal.nothingFound'))
  output.json('summary', { ...about, findings: findings.map(withLayer) })
  return ExitCode.done
}

/** A file or the name of a preset is an experiment; a folder, or any other name, is a run. */
async function isRun(given: string, { world, call }: Context): Promise<boolean> {
  const about = await stat(resolve(world.folder, given)).catch(() => undefined)
  if (about) return about.isDirectory()
  const { presets } = await call('describe', {})
  return !given.endsWith('.json') && !presets.some(({ id }) => id === given)
}

async function lookBefore({ taken: [path], set }: Command, context: Context) {
  const experiment = await readExperimentFile(path, set, context)
  return { moment: 'before', ...(await context.call('experiment.diagnose', { experiment })) } as const
}

async function lookAfter({ taken: [given], set }: Command, context: Context) {
  if (set.length > 0) throw new Failure('terminal.notWith', { option: '--set', other: given })
  const run = await findRun(given, context)
  return { moment: 'after', run, ...(await context.call('run.diagnose', { run })) } as const
}

const withLayer = (finding: Finding): object => ({ ...finding, layer: finding.layer ?? null })
