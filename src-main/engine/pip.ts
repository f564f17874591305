import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '#contract/failure'
import type { RunCommand } from './command'
import type { PinnedPart } from './pinned'
import { hashFile, type OnShare } from './wheel'

const LOOK_INTERVAL_MS = 250
/** Where pip says which hash it found instead of the pinned one. */
const REFUSED_HASH = /DO NOT MATCH THE HASHES[^]*?\bGot\s+([0-9a-f]{64})/

/** The ways to call pip, best first. */
const PIP_COMMANDS = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']]

/** The command that runs pip here, as words. @throws Failure `engine.noPip`. */
export async function findPip(run: RunCommand, signal: AbortSignal): Promise<string[]> {
  for (const words of PIP_COMMANDS) {
    const { code } = await run(words[0], [...words.slice(1), '--version'], { signal })
    if (code === 0) return words
  }
  throw new Failure('engine.noPip', {}, 'engine')
}

/**
 * Fetches a pinned wheel with pip, which checks its hash, and gives its path. pip knows the user's
 * proxies, mirrors and certificates; its temporary files are ours, so that a killed one leaves nothing.
 * @throws Failure `engine.downloadFailed`, `engine.cancelled`.
 */
export async function fetchWheel(
  pip: string[],
  python: string,
  wheel: PinnedPart,
  downloads: string,
  run: RunCommand,
  signal: AbortSignal,
  onShare: OnShare
): Promise<string> {
  // The name is one that storage/atomic sweeps when the process that made it is gone.
  const aside = join(downloads, `.pip.tmp-${process.pid}-${Date.now().toString(16)}`)
  await mkdir(aside, { recursive: true })
  const looking = setInterval(() => {
    void largestFile(aside).then((bytes) => onShare(Math.min(bytes / wheel.bytes, 1)))
  }, LOOK_INTERVAL_MS)
  try {
    const requirements = join(aside, 'requirements.txt')
    await writeFile(requirements, `${wheel.package}==${wheel.version} --hash=sha256:${wheel.sha256}\n`)
    const { code, output } = await run(
      pip[0],
      [...pip.slice(1), ...downloadParameters(python, wheel, aside, requirements)],
      { signal, env: { TMPDIR: aside, TEMP: aside, TMP: aside } }
    )
    const refused = code === 0 ? undefined : REFUSED_HASH.exec(output)?.[1]
    if (refused !== undefined)
      throw new Failure('engine.downloadHash', { ...pinnedAs(wheel), found: refused }, 'engine')
    if (code !== 0)
      throw new Failure('engine.downloadFailed', { file: wheel.file, problem: pipProblem(output) }, 'engine')
    const fetched = join(aside, wheel.file)
    const found = await hashFile(fetched, signal)
    if (found !== wheel.sha256)
      throw new Failure('engine.downloadHash', { ...pinnedAs(wheel), found }, 'engine')
    const path = join(downloads, wheel.file)
    await rename(fetched, path)
    return path
  } finally {
    clearInterval(looking)
    await rm(aside, { recursive: true, force: true })
  }
}

const pinnedAs = ({ file, sha256 }: PinnedPart) => ({ file, expected: sha256 })

function downloadParameters(
  python: string,
  wheel: PinnedPart,
  target: string,
  requirements: string
): string[] {
  return [
    ...['download', '--no-deps', '--only-binary=:all:', '--python-version', python],
    ...wheel.tags.flatMap((tag) => ['--platform', tag]),
    // pip's own cache would silently keep the wheel a second time.
    ...['--no-cache-dir', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off'],
    ...['-d', target, '--require-hashes', '-r', requirements]
  ]
}

/** pip unpacks into a folder of its own below TMPDIR; whatever its name is, the wheel is the largest file there. */
async function largestFile(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const sizes = files
    .filter((file) => file.isFile())
    .map((file) =>
      stat(join(file.parentPath, file.name)).then(
        ({ size }) => size,
        () => 0
      )
    )
  return Math.max(0, ...(await Promise.all(sizes)))
}

/** The sentence in pip's output that says what went wrong. */
function pipProblem(output: string): string {
  const lines = output.split('\n').map((line) => line.trim())
  const errors = lines.filter((line) => line.startsWith('ERROR:')).map((line) => line.slice(6).trim())
  const said = errors[0] ?? lines.filter((line) => line !== '').at(-1) ?? 'pip'
  return said.slice(0, 300)
}
