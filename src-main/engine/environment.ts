import { availableParallelism } from 'node:os'

/** A process keeps free memory for its next step up to so many bytes; it ends with its run. */
const KEPT_BYTES = String(4 * 2 ** 30)

/**
 * What a process that loads the native engine needs in its environment from its very start
 * (TensorFlow reads these when its library is loaded, some before any code of ours runs).
 * `threads` is used inside one operation and between operations; without it, one for each core.
 */
export function engineEnvironment(threads: number = availableParallelism()): Record<string, string> {
  return {
    // 2 hides notes and warnings and keeps errors.
    TF_CPP_MIN_LOG_LEVEL: '2',
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: String(threads),
    // glibc otherwise keeps an arena for each thread, and freed tensors never go back to the system.
    MALLOC_ARENA_MAX: '2',
    // It would also give large blocks back after every step and fetch them anew, page by page.
    MALLOC_MMAP_THRESHOLD_: KEPT_BYTES,
    MALLOC_TRIM_THRESHOLD_: KEPT_BYTES
  }
}

/**
 * Makes this process compute with as many threads as an earlier one, because sums that are divided otherwise are
 * rounded otherwise. TensorFlow reads the number when its library is loaded; later this changes nothing.
 */
export function forceThreads(threads: number): void {
  process.env.TF_NUM_INTRAOP_THREADS = String(threads)
  process.env.TF_NUM_INTEROP_THREADS = String(threads)
}

/** The threads that the native engine of this process uses inside one operation, once it is loaded. */
export function nativeThreads(): number {
  const forced = Number(process.env.TF_NUM_INTRAOP_THREADS)
  return Number.isInteger(forced) && forced > 0 ? forced : availableParallelism()
}
