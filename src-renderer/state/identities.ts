/** Numbers that tell items of lists apart, and stay the same while an item is replaced by a changed copy or moved. */
export class Identities {
  readonly #known = new WeakMap<object, number>()
  #last = 0

  of(item: object): number {
    const known = this.#known.get(item)
    if (known !== undefined) return known
    this.#known.set(item, ++this.#last)
    return this.#last
  }

  /** Tells that a list became another one: in lists of one length, an item that is new is a copy of the one before. */
  carry(before: readonly object[], after: readonly object[]): void {
    if (before.length !== after.length) return
    after.forEach((item, index) => {
      if (!this.#known.has(item)) this.#known.set(item, this.of(before[index]))
    })
  }
}
