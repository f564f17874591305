import { z } from 'zod'
import { engineChoice } from './engine'
import { telemetryPresets } from './measures'

/** What a user prefers, on this machine; one file, the same in every shell. */
export const settings = z.object({
  language: z.enum(['system', 'en', 'zh-CN']).default('system'),
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** Engine of new experiments. */
  engine: engineChoice.default('auto'),
  /** Telemetry of new experiments. */
  telemetry: z.enum(telemetryPresets).default('normal'),
  /** Single-letter shortcuts; those with Ctrl always work. */
  shortcuts: z.boolean().default(true),
  /** Absolute path of the library; absent = the system's own place. Changed by `library.use` alone. */
  library: z.string().min(1).optional()
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

/** What decides where the library is, the strongest first: `STEADYGRAD_HOME`, the settings, the system's convention. */
export const librarySource = z.enum(['environment', 'settings', 'system'])
export type LibrarySource = z.infer<typeof librarySource>
