import { settings, type Settings } from '#contract/settings'

/** Preferences that a test changes by assignment. */
export function preferring(): { current: Settings } {
  const current = $state(settings.parse({}))
  return { current }
}
