/** A copy of a value with one place in it replaced; `path` is written like `gradients.0.max`. */
export function replaceAt<Value>(value: Value, path: string, replacement: unknown): Value {
  const [key, ...rest] = path.split('.')
  const inner = (value as Record<string, unknown>)[key]
  const replaced = rest.length === 0 ? replacement : replaceAt(inner, rest.join('.'), replacement)
  if (!Array.isArray(value)) return { ...value, [key]: replaced }
  return value.map((each: unknown, index) => (String(index) === key ? replaced : each)) as Value
}
