import type { RunListing } from '#contract/run'
import type { RunCommand } from '../context'
import { ExitCode } from '../exit-codes'
import type { Output } from '../output'
import { describeScore } from '../scores'
import { shortened, tableLines } from '../width'

/** Columns of the terminal for what users write as long as they like. */
const NAME_WIDTH = 28
const NOTE_WIDTH = 40

/** `runs`: the runs of the library, newest first. */
export const runs: RunCommand = async (_, { output, call }) => {
  const { say, tell } = output
  const listings = await call('run.list', {})
  const head = (['id', 'name', 'state', 'steps', 'engine', 'scores', 'note'] as const).map((column) =>
    say(`terminal.runs.${column}`)
  )
  const rows = listings.map((listing) => rowOf(output, listing))
  if (rows.length === 0) tell(say('terminal.runs.none'))
  else tableLines([head, ...rows]).forEach(tell)
  for (const listing of listings) output.json('run', listing)
  output.json('summary', { count: listings.length })
  return ExitCode.done
}

function rowOf(output: Output, { id, name, state, steps, engine, scores, note }: RunListing): string[] {
  const score = scores?.test ?? scores?.validation ?? scores?.train
  return [
    id,
    shortened(name, NAME_WIDTH),
    output.say(`terminal.state.${state}`),
    String(steps),
    engine ?? '',
    score ? describeScore(output, score) : '',
    note === undefined ? '' : shortened(note, NOTE_WIDTH)
  ]
}
