import { z } from 'zod'
import { Failure, failureOf, type FailureRecord } from './failure'

/** Two ends that exchange plain values: objects, arrays, numbers, strings, booleans, null and typed arrays. */
export interface Wire {
  post(message: unknown): void
  listen(listener: (message: unknown) => void): () => void
  /** Settles with the reason when the other end is gone. */
  readonly closed: Promise<string>
}

/** What can be asked over a wire: the name of each request with the schemas of its input and its output. */
export type RequestTable = Record<string, { input: z.ZodType; output: z.ZodType }>
export type InputOf<Table extends RequestTable, Name extends keyof Table> = z.input<Table[Name]['input']>
export type OutputOf<Table extends RequestTable, Name extends keyof Table> = z.output<Table[Name]['output']>

/** One function for each request of a table; each receives its input after the schema has checked it. */
export type Handlers<Table extends RequestTable> = {
  [Name in keyof Table]: (
    input: z.output<Table[Name]['input']>
  ) => OutputOf<Table, Name> | Promise<OutputOf<Table, Name>>
}

/** The asking side of a table. */
export interface Client<Table extends RequestTable, Event> {
  call<Name extends keyof Table & string>(
    name: Name,
    input: InputOf<Table, Name>
  ): Promise<OutputOf<Table, Name>>
  on(listener: (event: Event) => void): () => void
  readonly closed: Promise<string>
}

type Envelope =
  | { kind: 'request'; id: number; name: string; input: unknown }
  | { kind: 'reply'; id: number; value: unknown }
  | { kind: 'failure'; id: number; failure: FailureRecord }
  | { kind: 'bug'; id: number; name: string; message: string; stack: string }
  | { kind: 'event'; event: unknown }

const requestEnvelope = z.object({
  kind: z.literal('request'),
  id: z.number().int(),
  name: z.string(),
  input: z.unknown()
})

/**
 * Checks an input and answers it; the one path into the core, whatever carries the request.
 * @throws Failure `request.unknown` or `request.invalid`, or whatever the handler throws.
 */
export async function answer<Table extends RequestTable>(
  table: Table,
  handlers: Handlers<Table>,
  name: string,
  input: unknown
): Promise<unknown> {
  if (!Object.hasOwn(table, name)) throw new Failure('request.unknown', { name })
  const checked = table[name].input.safeParse(input)
  if (!checked.success) {
    const issue = checked.error.issues[0]
    throw new Failure('request.invalid', {
      name,
      path: issue.path.join('.') || '(input)',
      problem: issue.message
    })
  }
  return handlers[name](checked.data as z.output<Table[string]['input']>)
}

/** Answers the requests that come over a wire; returns how to announce events and how to stop. */
export function serve<Table extends RequestTable, Event>(
  wire: Wire,
  table: Table,
  handlers: Handlers<Table>
): { announce(event: Event): void; stop(): void } {
  const post = (message: Envelope): void => wire.post(message)
  const stop = wire.listen((message) => {
    const request = requestEnvelope.safeParse(message)
    if (!request.success) return
    const { id, name, input } = request.data
    answer(table, handlers, name, input).then(
      (value) => post({ kind: 'reply', id, value: value ?? null }),
      (error: unknown) => post(describeError(id, error))
    )
  })
  return { announce: (event) => post({ kind: 'event', event }), stop }
}

/** The asking side: calls over a wire and hears its events. A call fails when the wire closes before the answer. */
export function connect<Table extends RequestTable, Event>(wire: Wire): Client<Table, Event> {
  let lastId = 0
  const waiting = new Map<number, { resolve(value: never): void; reject(error: Error): void }>()
  const listeners = new Set<(event: Event) => void>()

  wire.listen((raw) => {
    const message = raw as Envelope
    if (message.kind === 'event') return listeners.forEach((listener) => listener(message.event as Event))
    if (message.kind === 'request') return
    const call = waiting.get(message.id)
    if (!call) return
    waiting.delete(message.id)
    if (message.kind === 'reply') call.resolve(message.value as never)
    else if (message.kind === 'failure') call.reject(failureOf(message.failure))
    else call.reject(Object.assign(new Error(message.message), { name: message.name, stack: message.stack }))
  })
  let closedBecause: string | undefined
  void wire.closed.then((reason) => {
    closedBecause = reason
    for (const call of waiting.values()) call.reject(new Failure('wire.closed', { reason }))
    waiting.clear()
  })

  return {
    call: (name, input) =>
      new Promise((resolve, reject) => {
        if (closedBecause !== undefined) return reject(new Failure('wire.closed', { reason: closedBecause }))
        const id = ++lastId
        waiting.set(id, { resolve, reject })
        wire.post({ kind: 'request', id, name, input } satisfies Envelope)
      }),
    on: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    closed: wire.closed
  }
}

function describeError(id: number, error: unknown): Envelope {
  if (error instanceof Failure) return { kind: 'failure', id, failure: error.toRecord() }
  const bug = error instanceof Error ? error : new Error(String(error))
  return { kind: 'bug', id, name: bug.name, message: bug.message, stack: bug.stack ?? '' }
}
