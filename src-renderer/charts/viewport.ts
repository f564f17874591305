/** Which steps charts show and which of them is read, with everything a hand can do about it. */
export interface Viewport {
  readonly shown: { from: number; to: number }
  readonly bounds: { from: number; to: number }
  /** Step whose values are read; undefined is the newest. */
  readonly step: number | undefined
  readonly pinned: number | undefined
  hover(step: number | undefined): void
  pin(step: number | undefined): void
  show(range: { from: number; to: number }): void
  zoom(factor: number, centre?: number): void
  pan(steps: number): void
  reveal(step: number): void
  follow(): void
  reset(): void
}
