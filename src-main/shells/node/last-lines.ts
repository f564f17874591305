const KEPT_LINES = 200
/** A process that writes without line breaks must not fill our memory either. */
const KEPT_LINE_LENGTH = 2_000

/** Reads streams of text and keeps their last lines, for the report of a process that broke down. */
export function keepLastLines(...streams: (NodeJS.ReadableStream | null)[]): () => string[] {
  const lines: string[] = []
  const add = (line: string): void => {
    lines.push(line.slice(0, KEPT_LINE_LENGTH))
    if (lines.length > KEPT_LINES) lines.shift()
  }
  const unfinished = streams.map((stream) => {
    let rest = ''
    stream?.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split(/\r?\n/)
      rest = (parts.pop() ?? '').slice(-KEPT_LINE_LENGTH)
      parts.forEach(add)
    })
    return () => rest
  })
  return () => [...lines, ...unfinished.map((rest) => rest()).filter((rest) => rest !== '')]
}
