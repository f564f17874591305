import type { InstallProgress } from '#contract/engine'

/** Steps of progress that are worth a message. */
const SHARE_STEP = 0.01

/** Tells how far an installation is. */
export type Report = (
  stage: InstallProgress['stage'],
  message: InstallProgress['message'],
  share?: number
) => void

/** Passes on a message only when it says something new or its share has moved. */
export function thinned(report: (progress: InstallProgress) => void): Report {
  let last: { stage: string; key: string; share: number } | undefined
  return (stage, message, share) => {
    const isNews = last?.stage !== stage || last.key !== message.key
    const moved = share !== undefined && (share - (last?.share ?? 0) >= SHARE_STEP || share === 1)
    if (!isNews && (!moved || last?.share === 1)) return
    last = { stage, key: message.key, share: share ?? 0 }
    report({ stage, message, ...(share === undefined ? {} : { share }) })
  }
}
