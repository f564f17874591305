import type { Health } from '../../components/LayerHealth.svelte'
import type { FindingGroup } from '../../state/findings'
import type { Speech } from '../../state/language.svelte'

/** A finding in few words: its kind, or how bad it is where the guard alone speaks of it. */
export const findingName = (say: Speech['say'], { kind, severity }: FindingGroup): string =>
  say(kind ? `finding.kind.${kind}` : `window.severity.${severity}`)

/** How a layer with a finding is, for its row; `onchoose` goes to the finding. */
export const troubleOf = (
  group: FindingGroup,
  { say, tell }: Pick<Speech, 'say' | 'tell'>,
  onchoose: () => void
): Health => ({
  severity: group.severity,
  text: findingName(say, group),
  help: tell(group.message),
  onchoose
})
