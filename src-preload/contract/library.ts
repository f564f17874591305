import { z } from 'zod'

/** An experiment kept as a file in the library. */
export const storedExperiment = z.object({
  id: z.string(),
  name: z.string(),
  /** Absolute path of its file, which can be sent to someone. */
  path: z.string(),
  /** Milliseconds since 1970. */
  changed: z.number()
})
export type StoredExperiment = z.infer<typeof storedExperiment>

/** What a user calls a run, and what they wrote about it. */
export const runLabel = z.object({ name: z.string().optional(), note: z.string().optional() })
export type RunLabel = z.infer<typeof runLabel>

/** The library's `index.json`: labels of runs by their ids. The application writes it; run folders are the trainer's. */
export const libraryIndex = z.object({ version: z.literal(1), runs: z.record(z.string(), runLabel) })
export type LibraryIndex = z.infer<typeof libraryIndex>
