/** One answer that was asked for: what came, or why it did not. */
export interface Answer<Value> {
  value?: Value
  error?: unknown
}

/** What came of a question, or why nothing came. */
export const answerOf = <Value>(asked: Promise<Value>): Promise<Answer<Value>> =>
  asked.then(
    (value) => ({ value }),
    (error: unknown) => ({ error })
  )
