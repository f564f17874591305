/** Does one task after another, whatever became of the one before; each answers its own caller. */
export type Queue = <Result>(task: () => Promise<Result>) => Promise<Result>

/** For files that are read, changed and written: two changes at once would lose one of them. */
export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const done = last.then(task)
    last = done.catch(() => undefined)
    return done
  }
}
