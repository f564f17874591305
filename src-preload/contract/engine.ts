import { z } from 'zod'
import { message } from './message-schema'

/** Where tensors run, in the order of preference. */
export const engineNames = ['native-gpu', 'native-cpu', 'wasm', 'cpu'] as const
export const engineName = z.enum(engineNames)
export type EngineName = z.infer<typeof engineName>

/** What an experiment may ask for: a certain engine, or the best that runs. */
export const engineChoice = z.enum(['auto', ...engineNames])
export type EngineChoice = z.infer<typeof engineChoice>

/** The engine that runs in a process, and, when it is not the best one, why and what would get a better one. */
export const activeEngine = z.object({
  name: engineName,
  /** For people: the library and its version, such as `TensorFlow 2.21.0`. */
  library: z.string(),
  /** Threads used inside one operation. */
  threads: z.number().int(),
  /** Why no better engine runs. */
  reason: message.optional(),
  /** What the user can do to get a faster one. */
  advice: message.optional()
})
export type ActiveEngine = z.infer<typeof activeEngine>

/** State of the native engine that computes on a graphics card. */
export const gpuStatus = z.object({
  installed: z.boolean(),
  folder: z.string(),
  /** Bytes on disk; 0 where nothing is installed. */
  bytes: z.number(),
  /** Bytes that its installation fetches, and that it then has on disk. */
  download: z.number(),
  unpacked: z.number(),
  /** A driver for NVIDIA's cards lies on this machine. */
  driver: z.boolean()
})
export type GpuStatus = z.infer<typeof gpuStatus>

/** How busy a graphics card is, as its driver tells. */
export const gpuSample = z.object({
  /** The driver's number of the card. */
  index: z.number().int(),
  name: z.string(),
  /** Percent of the last moments in which something was computed. */
  percent: z.number(),
  usedMebibytes: z.number(),
  totalMebibytes: z.number()
})
export type GpuSample = z.infer<typeof gpuSample>

/** State of the native engine in the user's cache folder. */
export const engineStatus = z.object({
  installed: z.boolean(),
  /** Version of TensorFlow that is installed, or would be. */
  version: z.string(),
  folder: z.string(),
  /** Bytes on disk; 0 where nothing is installed. */
  bytes: z.number(),
  /** Why it cannot run or be installed here. */
  problem: message.optional(),
  /** The engine with a GPU beside it; absent where there is none for this platform. */
  gpu: gpuStatus.optional(),
  /** The engine a run would get now. */
  best: engineName
})
export type EngineStatus = z.infer<typeof engineStatus>

/** The stages of an installation, in order. */
export const installStages = ['check', 'download', 'unpack', 'build', 'probe', 'done'] as const
export const installProgress = z.object({
  stage: z.enum(installStages),
  /** Share of this stage that is done, 0 to 1; absent where it cannot be known. */
  share: z.number().optional(),
  message
})
export type InstallProgress = z.infer<typeof installProgress>
