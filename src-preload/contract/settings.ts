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
  /** Number of the graphics card for training, as nvidia-smi counts. */
  gpu: z.number().int().min(0).max(63).default(0),
  /** Most of the card's memory that a run may take, in MiB; 0 = no limit. */
  gpuMemory: z.number().int().min(0).max(1_048_576).default(0),
  /** Single-letter shortcuts; those with Ctrl always work. */
  shortcuts: z.boolean().default(true),
  /** Absolute path of the library; absent = the system's own place. Changed by `library.use` alone. */
  library: z.string().min(1).optional()
})
export type Settings = z.infer<typeof settings>

const { language, theme, engine, telemetry, gpu, gpuMemory, shortcuts } = settings.shape
/** Some of the settings. Without the defaults: these would set back what a change does not mention. */
export const settingsChange = z
  .object({
    language: language.unwrap(),
    theme: theme.unwrap(),
    engine: engine.unwrap(),
    telemetry: telemetry.unwrap(),
    gpu: gpu.unwrap(),
    gpuMemory: gpuMemory.unwrap(),
    shortcuts: shortcuts.unwrap()
  })
  .partial()
export type SettingsChange = z.infer<typeof settingsChange>

/** What decides where the library is, the strongest first: `STEADYGRAD_HOME`, the settings, the system's convention. */
export const librarySource = z.enum(['environment', 'settings', 'system'])
export type LibrarySource = z.infer<typeof librarySource>
