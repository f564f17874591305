/** A record with something else under each name. */
export const mapRecord = <From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From, name: string) => To
): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]))
