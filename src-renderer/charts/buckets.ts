/** Width of a bucket in CSS pixels: a line's own width hides what is narrower. */
const BUCKET_WIDTH = 2
/** Points of all lines of a chart together: among many lines nobody sees more, and every frame would pay for them. */
const MOST_POINTS = 8000
const POINTS_IN_BUCKET = 2

/** Buckets of an axis of this width in CSS pixels for a chart of so many lines. */
export const bucketsFor = (width: number, lines: number): number =>
  Math.max(1, Math.floor(Math.min(width / BUCKET_WIDTH, MOST_POINTS / POINTS_IN_BUCKET / Math.max(lines, 1))))
