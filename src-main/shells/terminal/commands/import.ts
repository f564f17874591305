import { stat } from 'node:fs/promises'
import { basename, dirname, extname, resolve } from 'node:path'
import { Failure } from '#contract/failure'
import type { ForeignModel } from '#contract/import'
import { writeAtomically } from '../../../storage/atomic'
import type { Command } from '../arguments'
import type { Context, RunCommand } from '../context'
import { ExitCode } from '../exit-codes'
import { readExperimentFile } from '../experiment-file'

/** `import PATH [--base FILE] [--out FILE]`: a model of another program as an experiment with its weights. */
export const importModel: RunCommand = async (command, context) => {
  const { world, output, call } = context
  const { say, tell } = output
  const [given] = command.taken
  const path = resolve(world.folder, given)
  const target = resolve(world.folder, command.options.out ?? `${nameOf(path)}.json`)
  if (!command.flags.has('overwrite')) await expectFree(target)
  const { model, experiment } = await call('model.import', { path, ...(await readBase(command, context)) })
  if (!experiment) throw refusal(model, context)
  await writeAtomically(target, `${JSON.stringify(experiment, null, 2)}\n`)
  const layers = experiment.model.layers.length
  tell(say('terminal.imported', { path, layers, parameters: model.parameters }))
  for (const { key, values } of model.notes) tell(say('terminal.imported.note', { note: say(key, values) }))
  tell(say('terminal.imported.to', { path: target }))
  output.json('summary', { path, out: target, model, experiment })
  return ExitCode.done
}

/** The name of a model's file without its ending, or of its folder where every such file has the same name. */
function nameOf(path: string): string {
  const own = basename(path) === 'model.json' ? dirname(path) : path
  return basename(own, extname(own))
}

async function expectFree(path: string): Promise<void> {
  const isThere = await stat(path).then(
    () => true,
    () => false
  )
  if (isThere) throw new Failure('terminal.outExists', { path })
}

async function readBase({ options: { base } }: Command, context: Context): Promise<{ base?: unknown }> {
  return base === undefined ? {} : { base: await readExperimentFile(base, [], context) }
}

/** Tells of each layer why it cannot be represented, and makes the failure about all of them. */
function refusal({ path, layers }: ForeignModel, { output }: Context): Failure {
  const refused = layers.filter(({ problem }) => problem)
  for (const layer of refused) {
    if (layer.problem) output.tell(output.say(layer.problem.key, layer.problem.values))
    output.json('layer', layer)
  }
  return new Failure('import.notRepresentable', {
    path,
    count: refused.length,
    layers: refused.map(({ name }) => name).join(', ')
  })
}
