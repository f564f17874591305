import { Failure } from '#contract/failure'
import { say, type Language } from '#contract/messages'

/** npm and a terminal both hand on the same Ctrl+C, so it may arrive twice. */
const SAME_KEYPRESS_MS = 500
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Ends this process well when it is told to, or when the script that started it is gone: `close` runs, then the
 * process exits with code 0. Told once more, it exits at once with code 130.
 */
export function endWhenTold(close: () => Promise<void>): void {
  let told: number | undefined
  const end = (): void => {
    const now = performance.now()
    if (told !== undefined) {
      if (now - told > SAME_KEYPRESS_MS) process.exit(130)
      return
    }
    told = now
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      }
    )
  }
  SIGNALS.forEach((signal) => process.on(signal, end))
  if (process.connected) process.on('disconnect', end)
}

/** Exit codes of DESIGN §7 for something that was thrown. */
export const exitCodeOf = (error: unknown): number =>
  error instanceof Failure ? { input: 2, engine: 4 }[error.kind] : 1

/** What to print about something that was thrown: a sentence for a failure, all that is known of a bug. */
export function describeError(error: unknown, language: Language): string {
  if (error instanceof Failure) return say(language, error.key, error.values)
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
