import { isAlarm, severities } from '#contract/health'
import type { FindingGroup } from './findings'

/** Something that is to be said of a finding. */
export interface Alert {
  is: 'found' | 'withdrawn'
  group: FindingGroup
}

/** Those of the findings that are alarms and stand. */
export const standingAlarms = (groups: readonly FindingGroup[]): FindingGroup[] =>
  groups.filter(({ severity, withdrawnAt }) => isAlarm(severity) && withdrawnAt === undefined)

/**
 * What is new among the findings of the run on display. What was said is not said again when it happens again, only when it
 * is worse than before; what was said and is withdrawn is said once. A run that comes on display has its worst one said.
 */
export class Alerts {
  #run = ''
  /** How bad each one was that was said and stands, as a place among the severities. */
  #said = new Map<string, number>()

  take(run: string, groups: readonly FindingGroup[]): Alert[] {
    const isNew = run !== this.#run
    if (isNew) [this.#run, this.#said] = [run, new Map<string, number>()]
    const alerts: Alert[] = []
    for (const group of standingAlarms(groups)) {
      const rank = severities.indexOf(group.severity)
      if (rank <= (this.#said.get(group.key) ?? -1)) continue
      this.#said.set(group.key, rank)
      if (!isNew || alerts.length === 0) alerts.push({ is: 'found', group })
    }
    for (const group of groups)
      if (group.withdrawnAt !== undefined && this.#said.delete(group.key))
        alerts.push({ is: 'withdrawn', group })
    return alerts
  }
}
