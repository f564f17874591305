import { z } from 'zod'
import { engineChoice } from './engine'

/** What a user prefers, on this machine; one file, the same in every shell. */
export const settings = z.object({
  language: z.enum(['system', 'en', 'zh-CN']).default('system'),
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** Engine of new experiments. */
  engine: engineChoice.default('auto'),
  /** Telemetry of new experiments. */
  telemetry: z.enum(['off', 'normal']).default('normal'),
  /** Single-letter shortcuts; those with Ctrl always work. */
  shortcuts: z.boolean().default(true)
})
export type Settings = z.infer<typeof settings>

const { language, theme, engine, telemetry, shortcuts } = settings.shape
/** Some of the settings. Without the defaults: these would set back what a change does not mention. */
export const settingsChange = z
  .object({
    language: language.unwrap(),
    theme: theme.unwrap(),
    engine: engine.unwrap(),
    telemetry: telemetry.unwrap(),
    shortcuts: shortcuts.unwrap()
  })
  .partial()
export type SettingsChange = z.infer<typeof settingsChange>
