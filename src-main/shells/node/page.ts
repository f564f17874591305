import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { Failure } from '#contract/failure'

/** One file of the page, ready to be sent. */
export interface PageFile {
  body: Buffer<ArrayBuffer>
  headers: Record<string, string>
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8'
}

/** What the page may load and do: its own files, nothing inline, nothing remote, no markup made out of strings. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
  // Svelte makes its templates with this policy.
  'trusted-types svelte-trusted-html'
].join('; ')

/** Headers of every answer that a shell gives to a page. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin'
}

/**
 * Reads the built page once. Files are served from this map alone, so that no path of a request ever reaches the
 * file system; keys are paths such as `/assets/index-1a2b3c.js`, and `/` is the page itself.
 * @throws Failure `shell.noPage`
 */
export async function readPage(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const page = new Map<string, PageFile>()
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const name = `/${relative(folder, path).split(sep).join('/')}`
    page.set(name, { body: await readFile(path), headers: headersOf(name) })
  }
  const index = page.get('/index.html')
  if (!index) throw new Failure('shell.noPage', { folder })
  return page.set('/', index)
}

const headersOf = (name: string): Record<string, string> => ({
  ...SECURITY_HEADERS,
  'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream',
  // Names of assets carry a hash of what is in them; the page itself changes with every build.
  'Cache-Control': name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store'
})
