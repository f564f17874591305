import { experimentJsonSchema } from '#contract/experiment'
import type { RunCommand } from '../context'
import { ExitCode } from '../exit-codes'

/** `schema`: the JSON Schema of an experiment file, alone on stdout. */
export const schema: RunCommand = async (_, { world, output }) => {
  const described = experimentJsonSchema(output.language)
  if (output.isJson) output.json('summary', { schema: described })
  else world.stdout.write(`${JSON.stringify(described, null, 2)}\n`)
  return ExitCode.done
}
