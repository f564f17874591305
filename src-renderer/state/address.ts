/** The value of a name in the fragment of an address, such as `#view=runs&run=3`. */
export const namedIn = (hash: string, name: string): string | undefined =>
  new URLSearchParams(hash.slice(1)).get(name) ?? undefined

/** The fragment with another value for a name, or without the name. */
export function withNamed(hash: string, name: string, value: string | undefined): string {
  const named = new URLSearchParams(hash.slice(1))
  if (value === undefined) named.delete(name)
  else named.set(name, value)
  return named.size > 0 ? `#${named}` : ''
}
