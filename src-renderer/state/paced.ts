/** Calls back before the next frame with a time in milliseconds, like requestAnimationFrame. */
export type NextFrame = (callback: (time: number) => void) => unknown

/**
 * Work that is done before a frame soon after it was asked for, once for however many have asked, and not more often than
 * every `interval` milliseconds. Answers with the way to ask.
 */
export function paced(nextFrame: NextFrame, interval: number, work: () => void): () => void {
  let asked = false
  let done = -Infinity
  const frame = (time: number): void => {
    if (time - done < interval) {
      nextFrame(frame)
      return
    }
    done = time
    asked = false
    work()
  }
  return () => {
    if (asked) return
    asked = true
    nextFrame(frame)
  }
}
