import type { FindingMark } from '../../charts/finding-marks'
import type { FrameFindings } from '../../components/ChartFrame.svelte'
import { writeCount } from '../../components/numbers'
import type { FindingGroup } from '../../state/findings'
import type { Speech } from '../../state/language.svelte'
import type { Session } from '../../state/session.svelte'
import { findingName } from '../findings/finding-words'
import { chartOf, type FindingChart } from './finding-places'

/** What charts show of the findings of the run on display; made anew only when something is found, withdrawn or chosen. */
export class DeskFindings {
  readonly #session: Session
  readonly #speech: Speech

  /** The one that the user looks at. */
  readonly chosen = $derived.by(() => {
    const run = this.#session.run
    return run?.groups.find(({ key }) => key === run.choice?.key)
  })
  /** Place of the layer it speaks of, among the trainable ones. */
  readonly chosenLayer = $derived(this.#placeOf(this.chosen))
  /** What stands, and what the user looks at. */
  readonly #shown: readonly FindingGroup[] = $derived.by(() =>
    (this.#session.run?.groups ?? []).filter(
      (group) => group.withdrawnAt === undefined || group === this.chosen
    )
  )
  readonly #marks = $derived(
    this.#shown.map((group) => {
      const layer = this.#placeOf(group)
      const mark: FindingMark = {
        key: group.key,
        step: group.firstStep,
        severity: group.severity,
        label: this.describe(group),
        ...(layer !== undefined && { layer }),
        chosen: group === this.chosen
      }
      return { chart: chartOf(group), mark }
    })
  )

  constructor(session: Session, speech: Speech) {
    this.#session = session
    this.#speech = speech
  }

  /** Those that some charts show, the worst first, as a chart's frame lists them. */
  listed(charts: readonly FindingChart[]): FrameFindings {
    const { say } = this.#speech
    return {
      label: say('charts.findings'),
      marks: say('charts.findings.marks'),
      items: this.#shown
        .filter((group) => charts.includes(chartOf(group)))
        .map((group) => ({
          key: group.key,
          severity: group.severity,
          severityText: say(`window.severity.${group.severity}`),
          text: this.name(group),
          help: this.describe(group),
          chosen: group === this.chosen
        })),
      onchoose: (key) => this.#session.run?.choose(key)
    }
  }

  /** Those of some charts as marks. */
  marks(charts: readonly FindingChart[]): FindingMark[] {
    return this.#marks.filter(({ chart }) => charts.includes(chart)).map(({ mark }) => mark)
  }

  /** A finding in few words. */
  name(group: FindingGroup): string {
    const what = findingName(this.#speech.say, group)
    return group.layer === undefined ? what : `${what} · ${group.layer}`
  }

  /** A finding in one sentence, with how bad it is and when it came. */
  describe({ severity, firstStep, message, withdrawnAt }: FindingGroup): string {
    const { say, tell, language } = this.#speech
    return [
      say('charts.finding', {
        severity: say(`window.severity.${severity}`),
        step: writeCount(language, firstStep),
        sentence: tell(message)
      }),
      ...(withdrawnAt === undefined ? [] : [say('window.findings.withdrawn', { step: withdrawnAt })])
    ].join(' ')
  }

  #placeOf(group: FindingGroup | undefined): number | undefined {
    const place = this.#session.run?.layers.indexOf(group?.layer ?? '') ?? -1
    return place < 0 ? undefined : place
  }
}
