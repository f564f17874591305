import type { Context } from './context'

/** Shows how far something has come that is asked under a name; gives what ends that. */
export const watchWork = ({ output, on }: Pick<Context, 'output' | 'on'>, work: string): (() => void) =>
  on((event) => {
    if (event.type !== 'work.progress' || event.work !== work) return
    const { message, share } = event
    output.progress({ share, facts: [output.say(message.key, message.values)] })
  })
