import type { Clock } from '../../application/ports'
import { widthOf } from './width'
import type { TextStream } from './world'

/** Without a terminal, progress is said by whole lines, this often at most. */
const LINE_INTERVAL_MS = 10_000
const BAR_COLUMNS = 24
/** Some terminals do not know their width, or say 0. */
const DEFAULT_COLUMNS = 80

/** What is shown of some work: its share from 0 to 1, where it is known, and facts, the most important first. */
export interface Shown {
  share?: number
  facts: string[]
}

/** One line at the bottom of the terminal that is drawn again and again. */
export interface ProgressLine {
  show(shown: Shown): void
  /** Takes the line away, so that text can be written. */
  clear(): void
}

/** A progress line on a terminal; elsewhere a plain line now and then. */
export function createProgressLine(stream: TextStream, clock: Clock): ProgressLine {
  let isDrawn = false
  let lastLine = -Infinity
  return {
    show({ share, facts }) {
      if (stream.isTTY) {
        const parts = share === undefined ? facts : [bar(share), ...facts]
        stream.write(`\r\x1b[2K${fitting(parts, (stream.columns || DEFAULT_COLUMNS) - 1)}`)
        isDrawn = true
      } else if (clock.now() - lastLine >= LINE_INTERVAL_MS) {
        lastLine = clock.now()
        stream.write(`${facts.join(' · ')}\n`)
      }
    },
    clear() {
      if (isDrawn) stream.write('\r\x1b[2K')
      isDrawn = false
    }
  }
}

function bar(share: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * BAR_COLUMNS)
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_COLUMNS - filled)}`
}

/** As many parts as fit, and at least the first one, cut. */
function fitting(parts: string[], columns: number): string {
  let text = ''
  for (const part of parts) {
    const longer = text === '' ? part : `${text} · ${part}`
    if (widthOf(longer) > columns) break
    text = longer
  }
  return text === ''
    ? Array.from(parts[0] ?? '')
        .slice(0, columns >> 1)
        .join('')
    : text
}
