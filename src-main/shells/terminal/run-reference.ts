import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Context } from './context'

/** RUN as the workbench knows it: a folder that exists becomes absolute, anything else is an id. */
export function runReference(run: string, folder: string): string {
  const path = resolve(folder, run)
  return existsSync(path) ? path : run
}

/** The absolute folder of RUN. @throws Failure `run.unknown`, `run.notARun` */
export async function findRun(run: string, { world, call }: Context): Promise<string> {
  const { listing } = await call('run.open', { run: runReference(run, world.folder) })
  return listing.folder
}
