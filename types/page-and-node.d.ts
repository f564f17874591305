// What pages and Node both have, as far as the border uses it. The border is checked with nothing else, so that it
// runs on either side.
interface AbortSignal {
  readonly aborted: boolean
}
interface AbortController {
  readonly signal: AbortSignal
  abort(): void
}
declare const AbortController: new () => AbortController
declare const TextEncoder: new () => { encode(text: string): Uint8Array }
