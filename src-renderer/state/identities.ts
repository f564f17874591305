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

  /** Tells that an item is a changed copy of the one before; nothing where one of them is no item. */
  carry(before: unknown, after: unknown): void {
    if (typeof before !== 'object' || before === null || typeof after !== 'object' || after === null) return
    if (!this.#known.has(after)) this.#known.set(after, this.of(before))
  }
}
