import type { RunListing } from '#contract/run'
import type { RunCommand } from '../context'
import { ExitCode } from '../exit-codes'
import type { Output } from '../output'
import { describeScore } from '../scores'
import { tableLines } from '../width'

/** `runs`: the runs of the library, newest first. */
export const runs: RunCommand = async (_, { output, call }) => {
  const { say, tell } = output
  const listings = await call('run.list', {})
  const head = [say('terminal.runs.id'), say('terminal.runs.state'), say('terminal.runs.steps')]
  const rows = listings.map((listing) => rowOf(output, listing))
  if (rows.length === 0) tell(say('terminal.runs.none'))
  else
    tableLines([[...head, say('terminal.runs.engine'), say('terminal.runs.scores')], ...rows]).forEach(tell)
  for (const listing of listings) output.json('run', listing)
  output.json('summary', { count: listings.length })
  return ExitCode.done
}

function rowOf(output: Output, { id, state, steps, engine, scores }: RunListing): string[] {
  const score = scores?.test ?? scores?.validation ?? scores?.train
  return [
    id,
    output.say(`terminal.state.${state}`),
    String(steps),
    engine ?? '',
    score ? describeScore(output, score) : ''
  ]
}
