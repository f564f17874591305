import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ExperimentInput } from '#contract/experiment'
import { randomFrom } from '#contract/random'
import { makeHome, preset, steadygrad, type Home, type Outcome } from './product'

let home: Home
beforeAll(() => (home = makeHome()))
afterAll(() => home.remove())

/** 57 steps an epoch. */
const EPOCHS = 10
const STEPS = 57 * EPOCHS
/** Kills of one run; the first one comes before there is a checkpoint. */
const KILLS = 4

/** The digits, longer and with a dropout. */
function writeExperiment(): string {
  const file = join(home.folder, 'digits.json')
  const { model, training, ...rest } = JSON.parse(
    readFileSync(preset('digits-mlp'), 'utf8')
  ) as ExperimentInput
  const layers = [...model.layers.slice(0, -1), { use: 'dropout', rate: 0.2 }, ...model.layers.slice(-1)]
  const longer = { ...rest, model: { layers }, training: { ...training, epochs: EPOCHS } }
  writeFileSync(file, JSON.stringify(longer))
  return file
}
const lastLine = ({ lines }: Outcome): Record<string, never> => lines[lines.length - 1]
const weightsOf = (run: string): Buffer => readFileSync(join(run, 'model/weights.safetensors'))

/** Folder of the only run that has been begun and not ended. */
function unfinishedRun(): string {
  const runs = join(home.folder, 'runs')
  const open = readdirSync(runs).filter((name) => !existsSync(join(runs, name, 'model')))
  expect(open.length).toBe(1)
  return join(runs, open[0])
}

/** Trains, and kills the trainer as soon as it tells of a step, or of its start. */
async function trainAndKill(parameters: string[], step: number): Promise<Outcome> {
  let trainer = 0
  return steadygrad(home, parameters, (line) => {
    const told = line.startsWith('{"') ? (JSON.parse(line) as Record<string, number | string>) : {}
    if (told.type === 'started') trainer = told.processId as number
    if (!trainer || !((told.step as number) >= step)) return
    try {
      process.kill(trainer, 'SIGKILL')
    } catch (error) {
      // It has ended by itself, or by the line before.
      expect((error as NodeJS.ErrnoException).code).toBe('ESRCH')
    }
  })
}

test('the same seed gives the same bytes in two processes, and after kill -9 at moments of all kinds', async () => {
  const experiment = ['train', writeExperiment(), '--json']
  const [first, second] = [await steadygrad(home, experiment), await steadygrad(home, experiment)]
  const whole = weightsOf(lastLine(first).run)
  expect(weightsOf(lastLine(second).run).equals(whole)).toBe(true)

  const random = randomFrom('kill')
  let killed = await trainAndKill(experiment, 0)
  const run = unfinishedRun()
  let kills = killed.code === 1 ? 1 : 0
  for (let kill = 1; kill < KILLS; kill++) {
    killed = await trainAndKill(
      ['train', '--resume', run, '--json'],
      (STEPS * (kill - 0.5 + random() / 2)) / KILLS
    )
    if (killed.code === 0) break
    kills++
  }
  if (killed.code !== 0) killed = await steadygrad(home, ['train', '--resume', run, '--json'])
  expect(kills).toBeGreaterThanOrEqual(2)
  expect(lastLine(killed)).toMatchObject({ stopped: 'completed', steps: STEPS })
  expect(weightsOf(run).equals(whole)).toBe(true)
})
