import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { TOKEN_PROTOCOL_PREFIX } from '#contract/bridge'

/** A new secret for one launch: 32 random bytes. */
export const makeToken = (): string => randomBytes(32).toString('base64url')

/** Who may ask: the page of this server, at this address, and nobody else. */
export interface Door {
  /** Such as `127.0.0.1:41327`. */
  host: string
  /** Such as `http://127.0.0.1:41327`. */
  origin: string
  token: string
}

/**
 * Why a request for a file is refused, as an HTTP status, or undefined. The files are the same for everyone and hold
 * no secrets; what is kept out is another name for this address, which a page elsewhere may have been given.
 */
export function refuseRequest(door: Door, request: IncomingMessage): number | undefined {
  const { host, origin } = request.headers
  if (!isLoopback(request.socket.remoteAddress)) return 403
  if (host !== door.host) return 421
  if (origin !== undefined && origin !== door.origin) return 403
  // A click elsewhere may lead here; another page may not load our parts.
  if (request.headers['sec-fetch-mode'] !== 'navigate' && !isSameSite(request)) return 403
  return undefined
}

/** Why a socket is refused, as an HTTP status, or undefined. It carries everything, so it needs everything. */
export function refuseSocket(door: Door, request: IncomingMessage): number | undefined {
  const { host, origin } = request.headers
  if (!isLoopback(request.socket.remoteAddress)) return 403
  if (host !== door.host) return 421
  if (origin !== door.origin || !isSameSite(request)) return 403
  return isSame(offeredToken(request), door.token) ? undefined : 401
}

/** Why files are not taken from a request, as an HTTP status, or undefined. They are written, so it needs everything. */
export function refuseUpload(door: Door, request: IncomingMessage): number | undefined {
  const { host, origin, authorization } = request.headers
  if (!isLoopback(request.socket.remoteAddress)) return 403
  if (host !== door.host) return 421
  if (origin !== door.origin || !isSameSite(request)) return 403
  if (!isSame(authorization ?? '', `${BEARER}${door.token}`)) return 401
  if (request.method !== 'POST') return 405
  // A form of another page cannot send this type, and its length says that it can be checked before it is taken.
  if (request.headers['content-type'] !== 'application/octet-stream') return 415
  return request.headers['content-length'] === undefined ? 411 : undefined
}

const BEARER = 'Bearer '
const isLoopback = (address: string | undefined): boolean => address === '127.0.0.1'

function isSameSite(request: IncomingMessage): boolean {
  const site = request.headers['sec-fetch-site']
  return site === undefined || site === 'same-origin' || site === 'none'
}

function offeredToken(request: IncomingMessage): string {
  const offered = request.headers['sec-websocket-protocol']?.split(',').map((protocol) => protocol.trim())
  const found = offered?.find((protocol) => protocol.startsWith(TOKEN_PROTOCOL_PREFIX))
  return found?.slice(TOKEN_PROTOCOL_PREFIX.length) ?? ''
}

// Hashes have one length, and comparing them takes the same time wherever they differ.
const isSame = (offered: string, token: string): boolean => timingSafeEqual(hash(offered), hash(token))
const hash = (text: string): Buffer => createHash('sha256').update(text).digest()
