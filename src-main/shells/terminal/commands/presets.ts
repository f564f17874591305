import { presetKeys } from '#contract/presets'
import type { RunCommand } from '../context'
import { ExitCode } from '../exit-codes'

/** `presets`: the experiments that come with the product, with the names by which `train` takes them. */
export const presets: RunCommand = async (_, { output, call }) => {
  const { say, tell } = output
  const found = (await call('describe', {})).presets
  for (const { id, experiment } of found) {
    const keys = presetKeys(id)
    const name = keys ? say(keys.name) : experiment.name
    const about = keys ? say(keys.help) : ''
    tell(`${id}: ${name}`)
    if (about !== '') tell(`  ${about}`)
    output.json('preset', { id, name, about, experiment })
  }
  output.json('summary', { count: found.length })
  return ExitCode.done
}
