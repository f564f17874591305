// `npm run dev`: the page reloads itself in parts, the core is rebuilt and started again at every change. Electron
// where it can run, else the browser shell behind Vite's server.
import { randomBytes } from 'node:crypto'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer as createSocket } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { electronState } from './start/needs.mjs'
import { run } from './start/programs.mjs'
import { languageFrom, speak } from './start/words.mjs'

const LOOPBACK = '127.0.0.1'
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const say = speak(root, languageFrom(process.env))
const electronVite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
const system = { platform: process.platform, isRoot: process.getuid?.() === 0 }
const parameters = process.argv.slice(2)

if (!parameters.includes('--browser') && electronState(root, process.env, system).state === 'ready')
  developElectron()
else await developBrowser()

function developElectron() {
  const child = spawn(process.execPath, [electronVite, 'dev', '--watch', ...parameters], {
    cwd: root,
    stdio: 'inherit'
  })
  child.once('exit', (code) => process.exit(code ?? 1))
  // It ends its Electron itself; this process only waits for it.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => {})
}

async function developBrowser() {
  process.chdir(root)
  // The core insists on a built page, though Vite's is the one that is shown.
  if (!existsSync(join(root, 'out', 'renderer', 'index.html')))
    await run(process.execPath, [electronVite, 'build', '--logLevel', 'warn'], { cwd: root })
  process.env.NODE_ENV_ELECTRON_VITE = 'development'
  const { build, createServer, mergeConfig } = await import('vite')
  const { resolveConfig } = await import('electron-vite')
  const { config } = await resolveConfig({ logLevel: 'warn' }, 'serve', 'development')
  if (!config?.main || !config.renderer) throw new Error('electron.vite.config.ts has no core or no page')

  // Both stay the same over all restarts of the core, so that an open page finds it again.
  const port = await findFreePort()
  const token = randomBytes(32).toString('base64url')
  // Vite's server hands the page's socket on and speaks for it: the core itself knows of no other origin.
  const proxy = { target: `http://${LOOPBACK}:${port}`, ws: true, changeOrigin: true, rewriteWsOrigin: true }
  const page = await createServer(
    mergeConfig(config.renderer, { server: { host: LOOPBACK, proxy: { '/wire': proxy } } })
  )

  const core = restartable(port, token)
  const watched = await build(mergeConfig(config.main, { build: { watch: {} } }))
  if (!('on' in watched)) throw new Error('Vite does not watch')
  watched.on('event', async (event) => {
    if (event.code === 'ERROR') console.error(event.error.message)
    if (event.code !== 'BUNDLE_END') return
    await event.result?.close()
    if (!(await core.start())) return
    page.ws.send({ type: 'full-reload' })
  })

  await page.listen()
  const [origin] = page.resolvedUrls?.local ?? []
  process.stdout.write(`${say('devReady', { address: `${origin}#token=${token}` })}\n`)
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, async () => {
      await Promise.all([core.stop(), watched.close(), page.close()])
      process.exit()
    })
}

/**
 * The core as a process that can be started again; a start waits for the end of the one before.
 * @param {number} port
 * @param {string} token
 */
function restartable(port, token) {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child
  async function stop() {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  return {
    stop,
    /** Answers whether it was a restart. */
    async start() {
      const isRestart = child !== undefined
      if (isRestart) process.stderr.write(`${say('devRestarting')}\n`)
      await stop()
      child = spawn(
        process.execPath,
        [join(root, 'out', 'main', 'server.js'), '--no-open', '--port', String(port)],
        {
          cwd: root,
          // Its address is not the one to open, but says that it is ready.
          stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
          env: { ...process.env, STEADYGRAD_TOKEN: token }
        }
      )
      await Promise.race([child.stdout && once(child.stdout, 'data'), once(child, 'exit')])
      return isRestart
    }
  }
}

/** @returns {Promise<number>} */
async function findFreePort() {
  const socket = createSocket()
  await once(socket.listen(0, LOOPBACK), 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (socket.address())
  await once(socket.close(), 'close')
  return port
}
