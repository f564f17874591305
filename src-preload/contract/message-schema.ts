import { z } from 'zod'
import { isMessageKey, type Message, type MessageKey } from './messages'

const messageKey = z.custom<MessageKey>((key) => typeof key === 'string' && isMessageKey(key))

/** Schema of a sentence that crosses a border before it is put into a language. */
export const message: z.ZodType<Message, Message> = z.object({
  key: messageKey,
  values: z.record(z.string(), z.union([z.string(), z.number(), z.lazy(() => message)])).optional()
})
