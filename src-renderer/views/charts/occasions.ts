import type { Occasion } from '../../charts/picture'
import type { Speech } from '../../state/language.svelte'
import type { Run } from '../../state/run.svelte'
import type { RunEventOf } from '#contract/run'
import { describeChange } from '../places'

/** More lines than this would hide what they mark. */
const MOST_EPOCH_LINES = 40

/** What happened to a run and when, as charts mark it. */
export function occasionsOf(run: Run | undefined, say: Speech['say']): Occasion[] {
  const experiment = run?.current
  if (!run || !experiment) return []
  return run.events.flatMap((event): Occasion[] => {
    if (event.type === 'changed')
      return [{ step: event.step, tone: 'change', text: describeChange(experiment, event, say) }]
    if (event.type === 'guard') return [{ step: event.step, tone: 'trouble', text: markOf(event, say) }]
    if (event.type === 'started' && event.resumedFrom)
      return [{ step: event.resumedFrom, tone: 'quiet', text: say('window.mark.resumed') }]
    if (event.type === 'epoch' && run.epochs.length <= MOST_EPOCH_LINES)
      return [{ step: event.step, tone: 'quiet', text: '' }]
    return []
  })
}

/** A step that was only left out has a line and no words: there may be many. */
function markOf({ action, rollback }: RunEventOf<'guard'>, say: Speech['say']): string {
  if (rollback) return say('window.mark.rollback', { step: rollback.backTo })
  return action === 'stop' ? say('window.mark.guard') : ''
}
