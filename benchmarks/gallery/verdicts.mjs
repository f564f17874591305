// What results of the gallery amount to.

/** @typedef {{ half: 'choose' | 'report', kinds?: string[], causes?: string[], layer?: string }} Case */
/** @typedef {{ kind: string, layer?: string | null, cause: string, step: number, severity: string }} Finding */
/** @typedef {{ id: string, half: string, label: string, seed: number, expect?: Case, alarms: Finding[], firstRefused?: number, isFinite: boolean, seconds: number }} Result */

/** Steps from the start within which what vanishes or is dead must be found. */
const SOON = 50
/** What is refused up to this step is broken from the start. */
const FROM_THE_START = 3

/** Alarms of a kind that was expected. @param {Result} result */
const rightAlarms = ({ alarms, expect }) => alarms.filter(({ kind }) => expect?.kinds?.includes(kind))

/** @param {Result[]} all @param {(result: Result) => boolean} holds */
const shareOf = (all, holds) => all.filter(holds).length / all.length

/** What a set of results amounts to. @param {Result[]} all */
export function summarize(all) {
  const broken = all.filter(({ expect }) => expect)
  const sound = all.filter(({ expect }) => !expect)
  const withLayer = broken.filter(({ expect }) => expect?.layer)
  const late = broken.filter(
    ({ firstRefused }) => firstRefused !== undefined && firstRefused > FROM_THE_START
  )
  const fading = broken.filter(({ expect }) =>
    ['vanishingGradient', 'deadUnits'].includes(String(expect?.kinds?.[0]))
  )
  const steps = broken
    .filter(({ alarms }) => alarms.length > 0)
    .map(({ alarms }) => Math.min(...alarms.map(({ step }) => step)))
    .sort((a, b) => a - b)
  return {
    broken: broken.length,
    recall: shareOf(broken, ({ alarms }) => alarms.length > 0),
    rightKind: shareOf(broken, (result) => rightAlarms(result).length > 0),
    rightLayer: shareOf(withLayer, (result) =>
      rightAlarms(result).some(({ layer }) => layer === result.expect?.layer)
    ),
    rightCause: shareOf(broken, (result) =>
      rightAlarms(result).some(({ cause }) => result.expect?.causes?.includes(cause))
    ),
    firstCause: shareOf(broken, ({ alarms, expect }) => expect?.causes?.includes(alarms[0]?.cause) === true),
    medianSteps: steps[Math.floor(steps.length / 2)],
    soon: shareOf(fading, (result) => rightAlarms(result).some(({ step }) => step <= SOON)),
    beforeRefusal: shareOf(late, ({ alarms, firstRefused }) =>
      alarms.some(({ step }) => step < Number(firstRefused))
    ),
    sound: sound.length,
    falseAlarms: shareOf(sound, ({ alarms }) => alarms.length > 0),
    nonFinite: all.filter(({ isFinite }) => !isFinite).length
  }
}

/** @param {number} share */
const percent = (share) => (Number.isNaN(share) ? '–' : `${(100 * share).toFixed(1)} %`)

/** The lines of the table: what each says, and how it is read. @type {[string, (of: ReturnType<typeof summarize>) => string | number][]} */
const LINES = [
  ['runs of broken arms', (of) => of.broken],
  ['… found at warning or above', (of) => percent(of.recall)],
  ['… with the right kind', (of) => percent(of.rightKind)],
  ['… with the right layer, where one is told', (of) => percent(of.rightLayer)],
  ['… with the right cause', (of) => percent(of.rightCause)],
  ['… whose first alarm has the right cause', (of) => percent(of.firstCause)],
  ['median step of the first alarm', (of) => of.medianSteps ?? '–'],
  [`vanishing or dead, found within ${SOON} steps`, (of) => percent(of.soon)],
  [
    `alarm before the first refused step, where that is later than ${FROM_THE_START}`,
    (of) => percent(of.beforeRefusal)
  ],
  ['runs of working and healthy arms', (of) => of.sound],
  ['… flagged falsely', (of) => percent(of.falseAlarms)],
  ['runs with NaN or Inf in a weight', (of) => of.nonFinite]
]

/** The table of some results: a row for each line, a column for each half and one for both. @param {Result[]} results */
export function tabulate(results) {
  const halves = {
    chosen: summarize(results.filter(({ half }) => half === 'choose')),
    reported: summarize(results.filter(({ half }) => half === 'report')),
    both: summarize(results)
  }
  return {
    halves,
    columns: ['', 'half that thresholds were chosen on', 'other half', 'both'],
    rows: LINES.map(([name, of]) => [name, ...Object.values(halves).map(of)])
  }
}

/** What the alarms of a run say. @param {Finding[]} alarms */
export const tell = (alarms) =>
  alarms
    .map(({ kind, layer, cause, step }) => `${kind}${layer ? ` in ${layer}` : ''} at ${step} (${cause})`)
    .join(', ') || 'silent'
