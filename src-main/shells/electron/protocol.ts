import { protocol } from 'electron'
import { readPage, SECURITY_HEADERS, type PageFile } from '../node/page'

const SCHEME = 'app'
const HOST = 'workbench'
/** The page's origin. Its own scheme instead of `file:` gives it storage and a policy of its own. */
export const PAGE_ORIGIN = `${SCHEME}://${HOST}`

/** Makes the page's scheme as good as https. To be called once, before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }
  ])
}

/** Serves the built page under its scheme. To be called when the app is ready. @throws Failure `shell.noPage` */
export async function servePage(folder: string): Promise<void> {
  const page = await readPage(folder)
  protocol.handle(SCHEME, (request) => answerFrom(page, request))
}

/** The answer to a request for a file of the page, and to nothing else. */
export function answerFrom(page: ReadonlyMap<string, PageFile>, request: Request): Response {
  const { host, pathname } = new URL(request.url)
  const file = host === HOST && request.method === 'GET' ? page.get(pathname) : undefined
  if (!file) return new Response(null, { status: 404, headers: SECURITY_HEADERS })
  return new Response(file.body, { headers: file.headers })
}
