import type { TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding'

/**
 * A copy of the native binding that does the same and whose functions can be replaced: its own properties cannot be
 * written. A backend is given it for a while.
 */
export const borrowBinding = (plain: TFJSBinding): TFJSBinding =>
  Object.fromEntries(
    Object.getOwnPropertyNames(plain).map((name) => {
      const value = plain[name as keyof TFJSBinding] as unknown
      return [name, typeof value === 'function' ? (value.bind(plain) as unknown) : value]
    })
  ) as unknown as TFJSBinding
