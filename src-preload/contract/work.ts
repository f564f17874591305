import { z } from 'zod'
import { Failure } from './failure'
import { message } from './message-schema'
import type { Message } from './messages'

/** A name that the asking side gives to something that takes long, so that it hears of it and can call it off. */
export const workName = z.string().min(1).max(64)
/** Part of a request's input: without a name nothing is told and nothing can be called off. */
export const named = { work: workName.optional() }

/** How far something has come: what is being done now, and the share of the whole that is done, where it is known. */
export const workProgress = z.object({
  work: workName,
  message,
  share: z.number().min(0).max(1).optional()
})
export type WorkProgress = z.infer<typeof workProgress>

/** Tells how far something has come. @throws Failure `request.cancelled` when nobody wants it any more */
export type Report = (message: Message, share?: number) => void

/** Everything long that is under way on one side of a wire, by its names. */
export interface Works {
  /**
   * Does something under a name. `signal` tells when it is called off; whatever it fails with then is
   * Failure `request.cancelled`.
   */
  during<Result>(
    work: string | undefined,
    task: (report: Report, signal: AbortSignal) => Promise<Result>
  ): Promise<Result>
  /** Calls off what is under way under a name; a name that nothing has is no mistake, because it may be done. */
  cancel(work: string): null
}

/** Nothing is under way at first. */
export function openWorks(announce: (progress: WorkProgress) => void): Works {
  const underWay = new Map<string, AbortController>()
  return {
    async during(work, task) {
      const abort = new AbortController()
      const report: Report = (message, share) => {
        if (abort.signal.aborted) throw cancelled()
        if (work !== undefined) announce({ work, message, ...(share !== undefined && { share }) })
      }
      if (work !== undefined) underWay.set(work, abort)
      try {
        return await task(report, abort.signal)
      } catch (error) {
        throw abort.signal.aborted ? cancelled() : error
      } finally {
        if (work !== undefined) underWay.delete(work)
      }
    },
    cancel(work) {
      underWay.get(work)?.abort()
      return null
    }
  }
}

/** The report of a part of some work, which goes from one share of the whole to another. */
export const partOf =
  (report: Report, from: number, to: number): Report =>
  (message, share) =>
    report(message, from + (to - from) * (share ?? 0))

const cancelled = (): Failure => new Failure('request.cancelled')
