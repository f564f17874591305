import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { experimentJsonSchema, parseExperiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import { say } from '#contract/messages'
import type { Finding } from '#contract/health'
import type { World } from '../../../src-main/shells/terminal/world'
import {
  batchOf,
  createFakeWorld,
  datasetSummary,
  endedEvent,
  engineStatus,
  epochEvent,
  experiment,
  foreignModel,
  rowsOf,
  settle,
  startedEvent,
  writeRun,
  type FakeTrainer,
  type FakeWorld
} from '../../application/fake-ports'
import { callTerminal, type Call } from './call'

let ports: FakeWorld
let folder: string

beforeEach(async () => {
  ports = await createFakeWorld()
  folder = join(ports.paths.library, '..', 'work')
  await mkdir(folder)
  await writeFile(join(folder, 'spec.json'), JSON.stringify(experiment))
})
afterEach(() => ports.remove())

const call = (line: string, changed: Partial<World> = {}): Call => callTerminal(line, folder, ports, changed)

const finding: Finding = {
  kind: 'nonFinite',
  layer: 'dense_1',
  step: 3,
  severity: 'critical',
  cause: 'learningRate',
  evidence: { loss: NaN },
  message: { key: 'finding.nonFinite', values: { step: 3, layer: 'dense_1' } },
  advice: { key: 'finding.advice.learningRate' }
}

/** A trainer that tells a short whole run as soon as it is asked to train. */
function tellWholeRun(trainer: FakeTrainer): void {
  trainer.event(startedEvent())
  trainer.tell({ type: 'steps', batch: batchOf(1, rowsOf(0.5, 0.25)) })
  trainer.event(epochEvent(1, 4))
  trainer.tell({ type: 'steps', batch: batchOf(3, rowsOf(NaN)) })
  trainer.end('completed')
}

/** Waits until a trainer has been asked to train and has answered. */
async function training(): Promise<FakeTrainer> {
  const trainer = await new Promise<FakeTrainer>((resolve) => (ports.script.onTrain = resolve))
  await settle()
  return trainer
}

describe('range', () => {
  const points = [
    { rate: 0.001, loss: 2, smoothed: 2 },
    { rate: 0.1, loss: NaN, smoothed: NaN }
  ]
  const suggestion = { valley: 0.01, steepest: 0.02, largestStable: 0.05 }
  const answer = { points, ended: 'refused', suggestion, engine: 'cpu', compiled: false } as const

  test('prints the curve as a table, how it ended, and the suggestion', async () => {
    ports.script.trainer = { range: () => answer }
    const run = call('range spec.json')
    expect(await run.code).toBe(0)
    expect(run.out().trimEnd().split('\n')).toEqual([
      'step  learning rate  loss  smoothed loss',
      '1     0.001          2     2',
      '2     0.1            NaN   NaN',
      'The test ended at the rate 0.1, because the guard refused the step.',
      'Suggested learning rate: 0.01, in the middle of the longest fall of the loss. The loss falls fastest at 0.02; the largest rate at which it still falls is 0.05.'
    ])
  })

  test('--json gives a line for each rate, and null for what is no number or not suggested', async () => {
    ports.script.trainer = { range: () => ({ ...answer, suggestion: undefined }) }
    const run = call('range spec.json --json')
    expect(await run.code).toBe(0)
    expect(run.lines()).toEqual([
      { type: 'rate', step: 1, rate: 0.001, loss: 2, smoothed: 2 },
      { type: 'rate', step: 2, rate: 0.1, loss: null, smoothed: null, nonFinite: ['loss', 'smoothed'] },
      { type: 'summary', ended: 'refused', engine: 'cpu', compiled: false, steps: 2, suggestion: null }
    ])
  })

  test('asks for the rates and steps that are given', async () => {
    let asked: unknown
    ports.script.trainer = {
      range: ({ range }) => {
        asked = range
        return answer
      }
    }
    expect(await call('range spec.json --from 1e-4 --to 1 --steps 50').code).toBe(0)
    expect(asked).toEqual({ from: 1e-4, to: 1, steps: 50 })
  })

  test.each([
    ['--from 0', 'terminal.notAPositiveNumber'],
    ['--to x', 'terminal.notAPositiveNumber'],
    ['--steps 9', 'terminal.notWithin'],
    ['--from 1 --to 1', 'run.rangeOrder']
  ])('refuses %s', async (options, key) => {
    const run = call(`range spec.json ${options} --json`)
    expect(await run.code).toBe(2)
    expect(run.lines()).toMatchObject([{ type: 'error', key }])
  })
})

describe('train', () => {
  test('what the guard did is told where the finding of the step does not say it', async () => {
    const refused = { type: 'guard', time: 1, layer: 'dense_1', tensor: 'dense_1/kernel' } as const
    ports.script.onTrain = (trainer) => {
      trainer.event(startedEvent())
      trainer.event({
        ...refused,
        step: 3,
        action: 'stop',
        reason: 'nonFiniteLoss',
        message: { key: 'training.guard.nonFiniteLoss', values: { step: 3, layer: 'dense_1' } }
      })
      trainer.event({
        ...refused,
        step: 7,
        action: 'stop',
        reason: 'overflow',
        message: { key: 'training.guard.spent', values: { step: 7, tensor: 'dense_1/kernel', retries: 2 } }
      })
      trainer.end('guard')
    }
    const run = call('train spec.json')
    expect(await run.code).toBe(3)
    const lines = run.out().split('\n')
    expect(lines.filter((line) => line.includes('refused'))).toEqual([
      'Step 7 was refused because of dense_1/kernel, and the run has gone back 2 times already, so it stops. No weight was changed. Try a smaller learning rate or clipping, or allow more with guard.retries.'
    ])
  })

  test('the samples of refused steps are told: of a stop, of the first step that is left out, and at the end', async () => {
    const batch = { epoch: 1, offset: 64, count: 32 }
    const place = { layer: 'dense_1', tensor: 'dense_1/kernel', reason: 'overflow', batch } as const
    const message = { key: 'training.guard.overflow', values: { step: 3, tensor: 'dense_1/kernel' } } as const
    ports.script.onTrain = (trainer) => {
      trainer.event(startedEvent())
      for (const [step, action] of [
        [3, 'skip'],
        [4, 'skip'],
        [5, 'stop']
      ] as const)
        trainer.event({ type: 'guard', time: 1, step, action, message, ...place })
      trainer.end('guard', { refused: 3, firstRefused: { step: 3, ...place } })
    }
    const run = call('train spec.json')
    expect(await run.code).toBe(3)
    const lines = run.out().split('\n')
    expect(lines.filter((line) => line.includes('samples 65'))).toEqual([
      'Step 3 was left out. It saw the samples 65 to 96 in the order of epoch 2. Further steps that are left out are counted, and listed by --json.',
      'Step 5 saw the samples 65 to 96 in the order of epoch 2.',
      'Refused steps: 3; times the run went back: 0. The first was step 3, in dense_1, on the samples 65 to 96 in the order of epoch 2.'
    ])
  })

  test('what cleaning did is told before the samples that are left', async () => {
    ports.script.onTrain = (trainer) => {
      trainer.event(
        startedEvent({
          cleaned: [
            { use: 'dropDuplicates', unit: 'samples', train: 12, test: 3 },
            { use: 'fillMissing', unit: 'values', train: 1200, test: 0 }
          ]
        })
      )
      trainer.end('completed')
    }
    const run = call('train spec.json')
    expect(await run.code).toBe(0)
    expect(run.out().split('\n').slice(1, 4)).toEqual([
      'Drop duplicates: 12 training and 3 test samples left out',
      'Fill missing values: 1,200 values changed for training and 0 in the test',
      'Samples: 90 to train, 10 to validate, 20 to test. Trainable parameters: 30'
    ])
  })

  test('--json tells every step, epoch and the summary, in order, and nothing else on standard output', async () => {
    ports.script.onTrain = tellWholeRun
    const run = call('train spec.json --json')
    expect(await run.code).toBe(0)
    expect(run.lines()).toMatchObject([
      { type: 'started', engine: { name: 'native-cpu' }, layers: ['dense_1'] },
      {
        type: 'step',
        step: 1,
        loss: 0.5,
        accuracy: 0.5,
        rate: 0.5,
        gradientNorm: { before: 0.5, after: 0.5 },
        layers: { dense_1: { gradientBefore: 0.5, gradientAfter: 0.5, update: 0.5, weight: 0.5, ratio: 1 } }
      },
      { type: 'step', step: 2, loss: 0.25 },
      { type: 'epoch', epoch: 1, step: 4, train: { loss: 0.5, accuracy: 0.8 }, test: { loss: 0.4 } },
      { type: 'step', step: 3, loss: null },
      {
        type: 'summary',
        run: '/somewhere',
        engine: 'native-cpu',
        compiled: true,
        steps: 8,
        seconds: 65,
        stepMilliseconds: 4.5678,
        train: { loss: 0.1, accuracy: 0.97 },
        test: { loss: 0.2, accuracy: 0.95 },
        findings: [],
        stopped: 'completed'
      }
    ])
    expect(run.lines()[4].nonFinite).toEqual([
      'epoch',
      'loss',
      'rate',
      'gradientNorm.before',
      'gradientNorm.after',
      'layers.dense_1.gradientBefore',
      'layers.dense_1.gradientAfter',
      'layers.dense_1.update',
      'layers.dense_1.weight',
      'layers.dense_1.ratio'
    ])
  })

  test.each([
    [
      'en_US.UTF-8',
      [
        'Engine: native-cpu (TensorFlow 2.21.0; threads: 2)',
        'Samples: 90 to train, 10 to validate, 20 to test. Trainable parameters: 30',
        'Epoch 1 (3 s): training: loss 0.5, accuracy 80.00 % · test: loss 0.4, accuracy 85.00 %',
        'Done: 8 steps in 1 min 5 s, 4.57 ms each.',
        'training: loss 0.1, accuracy 97.00 % · test: loss 0.2, accuracy 95.00 %',
        'Stored in /somewhere'
      ]
    ],
    [
      'zh_CN.UTF-8',
      [
        '引擎：native-cpu（TensorFlow 2.21.0；线程数：2）',
        '样本：训练 90 个，验证 10 个，测试 20 个。可训练参数：30',
        '第 1 轮（3 秒）：训练：损失 0.5，准确率 80.00% · 测试：损失 0.4，准确率 85.00%',
        '完成：共 8 步，用时 1 分 5 秒，每步 4.57 毫秒。',
        '训练：损失 0.1，准确率 97.00% · 测试：损失 0.2，准确率 95.00%',
        '保存在 /somewhere'
      ]
    ]
  ])('for people it tells engine, epochs and result in the language of %s', async (LANG, lines) => {
    ports.script.onTrain = tellWholeRun
    const run = call('train spec.json', { environment: { LANG } })
    expect(await run.code).toBe(0)
    expect(run.out().trimEnd().split('\n')).toEqual(lines)
  })

  test('a lesser engine is announced with its reason and what would get a faster one', async () => {
    ports.script.onTrain = (trainer) => {
      const { reason, advice } = {
        reason: { key: 'engine.reason.notInstalled' },
        advice: { key: 'engine.advice.notInstalled' }
      } as const
      trainer.event(
        startedEvent({ engine: { name: 'wasm', library: 'tfjs 4.22.0', threads: 1, reason, advice } })
      )
      trainer.end('completed')
    }
    const run = call('train spec.json')
    await run.code
    expect(run.out()).toContain('Why: The native engine is not installed.\n')
    expect(run.out()).toContain(
      'Faster: `steadygrad engine install` gets the native engine, which is faster on all but very small networks.\n'
    )
  })

  test('a stop by the guard has exit code 3, a finding and a summary', async () => {
    ports.script.onTrain = (trainer) => {
      trainer.event(startedEvent())
      trainer.event({ type: 'finding', time: 1, step: 3, finding })
      trainer.end('guard', { findings: [finding, { ...finding, layer: undefined }] })
    }
    const run = call('train spec.json --json')
    expect(await run.code).toBe(3)
    const told = {
      kind: 'nonFinite',
      layer: 'dense_1',
      step: 3,
      severity: 'critical',
      cause: 'learningRate',
      evidence: { loss: null },
      message: expect.stringMatching(/^Step 3 held NaN or Inf.* first in dense_1/) as unknown,
      advice: expect.stringMatching(/^Lower the learning rate/) as unknown
    }
    expect(run.lines().slice(1)).toMatchObject([
      { type: 'finding', ...told },
      { type: 'summary', stopped: 'guard', findings: [told, { ...told, layer: null }] }
    ])
  })

  test.each([
    ['completed', 0],
    ['early', 0],
    ['stopped', 0],
    ['guard', 3],
    ['interrupted', 130]
  ] as const)('a run that ended as %s has exit code %d', async (stopped, code) => {
    ports.script.onTrain = (trainer) => trainer.end(stopped)
    const run = call('train spec.json --json')
    expect(await run.code).toBe(code)
    expect(run.lines().at(-1)).toMatchObject({ type: 'summary', stopped })
  })

  test.each([
    ['input', 2],
    ['engine', 4]
  ] as const)(
    'a run that breaks off for a reason of kind %s has exit code %d and no stack',
    async (kind, code) => {
      ports.script.onTrain = (trainer) =>
        trainer.fail({ key: 'storage.diskFull', values: { path: '/x' } }, kind)
      const run = call('train spec.json --json')
      expect(await run.code).toBe(code)
      expect(run.lines().at(-1)).toEqual({
        type: 'error',
        key: 'storage.diskFull',
        message:
          'The disk is full: /x could not be written. Nothing was half-written; free some space and try again.'
      })
      expect(run.err()).not.toContain('    at ')
    }
  )

  test('a bug in the trainer keeps its stack and has exit code 1', async () => {
    ports.script.onTrain = (trainer) =>
      trainer.fail({ key: 'run.closing' }, 'bug', 'TypeError: x\n    at train (loop.ts:1:1)')
    const run = call('train spec.json --json')
    expect(await run.code).toBe(1)
    expect(run.err()).toContain('at train (loop.ts:1:1)')
    expect(run.lines().at(-1)).toMatchObject({
      type: 'error',
      stack: 'TypeError: x\n    at train (loop.ts:1:1)'
    })
  })

  test('a trainer that is killed has exit code 1 and says how to go on', async () => {
    ports.script.onTrain = (trainer) => void setImmediate(() => trainer.child.exit({ signal: 'SIGKILL' }))
    const run = call('train spec.json --json')
    expect(await run.code).toBe(1)
    expect(run.lines().at(-1)).toMatchObject({ type: 'error', key: 'run.crashed.killed' })
  })

  test('--set changes the experiment, --out is a folder from here', async () => {
    ports.script.onTrain = tellWholeRun
    expect(await call('train spec.json --set seed=7 --set data.limit.train=50 --out runs').code).toBe(0)
    expect(ports.trainers[0].asked[0].input).toMatchObject({
      experiment: { seed: 7, data: { limit: { train: 50 } } },
      folder: expect.stringContaining(join(folder, 'runs')) as unknown
    })
  })

  test('relative data files are looked for beside the experiment first, then here', async () => {
    ports.script.onTrain = tellWholeRun
    await mkdir(join(folder, 'specs'))
    for (const file of ['specs/images', 'specs/labels', 'labels', 'more'])
      await writeFile(join(folder, file), '')
    const source = {
      use: 'idx',
      images: 'images',
      labels: '/absolute',
      testImages: 'more',
      testLabels: 'gone'
    }
    await writeFile(join(folder, 'specs', 'idx.json'), JSON.stringify({ ...experiment, data: { source } }))
    expect(await call('train specs/idx.json').code).toBe(0)
    expect(ports.workerAsked[0].input).toMatchObject({
      source: {
        images: join(folder, 'specs', 'images'),
        labels: '/absolute',
        testImages: join(folder, 'more'),
        testLabels: join(folder, 'specs', 'gone')
      }
    })
  })

  test('names inside of a data file are no paths, though those of other sources are', async () => {
    ports.script.onTrain = tellWholeRun
    await writeFile(join(folder, 'arrays.npz'), '')
    const source = { use: 'npz', path: 'arrays.npz', labels: 'y' }
    await writeFile(join(folder, 'npz.json'), JSON.stringify({ ...experiment, data: { source } }))
    expect(await call('train npz.json').code).toBe(0)
    expect(ports.workerAsked[0].input).toMatchObject({
      source: { use: 'npz', path: join(folder, 'arrays.npz'), labels: 'y' }
    })
  })

  test('--resume goes on with a run, by id or by folder, with more epochs and live changes', async () => {
    const runs = join(ports.paths.library, 'runs')
    await writeRun(join(runs, 'done'), [startedEvent(), endedEvent('completed')])
    ports.script.trainer = {
      change: () => {
        ports.trainers[0].end('completed')
        return { step: 9 }
      }
    }
    expect(await call('train --resume done --more-epochs 2 --set gradients.0.max=0.5').code).toBe(0)
    ports.script.onTrain = (trainer) => trainer.end('completed')
    expect(await call(`train --resume ${join(runs, 'done')} --more-epochs 1`).code).toBe(0)
    expect(ports.trainers.map(({ asked }) => asked)).toMatchObject([
      [
        { name: 'train', input: { folder: join(runs, 'done'), moreEpochs: 2 } },
        { name: 'change', input: { path: 'gradients.0.max', value: 0.5 } }
      ],
      [{ name: 'train', input: { folder: join(runs, 'done'), moreEpochs: 1 } }]
    ])
  })
})

describe('interruption', () => {
  test('Ctrl+C stops with a checkpoint, a summary and exit code 130', async () => {
    const run = call('train spec.json --json')
    const trainer = await training()
    run.interrupt()
    expect(await run.code).toBe(130)
    expect(trainer.asked.at(-1)).toEqual({ name: 'stop', input: { interrupted: true } })
    expect(run.lines().at(-1)).toMatchObject({ type: 'summary', stopped: 'interrupted' })
    expect(run.err()).toContain('steadygrad train --resume /somewhere')
  })

  test('one keypress that arrives twice counts once; a second one kills', async () => {
    ports.script.trainer = { stop: () => new Promise(() => {}) }
    const run = call('train spec.json --json')
    const trainer = await training()
    run.interrupt()
    ports.clock.advance(400)
    run.interrupt()
    await settle()
    expect(trainer.child.isKilled).toBe(false)
    ports.clock.advance(600)
    run.interrupt()
    expect(await run.code).toBe(130)
    expect(trainer.child.isKilled).toBe(true)
    expect(run.lines().at(-1)).toMatchObject({ type: 'error' })
  })

  test('Ctrl+C while data is prepared leaves no run and no process', async () => {
    ports.script.worker = { prepare: () => new Promise(() => {}) }
    const run = call('train spec.json --json')
    while (ports.workerAsked.length === 0) await settle()
    run.interrupt()
    expect(await run.code).toBe(130)
    expect(run.lines()).toEqual([{ type: 'error', key: 'terminal.interrupted', message: 'Interrupted.' }])
    expect(ports.workers[0].isKilled).toBe(true)
    expect(await readdir(join(ports.paths.library, 'runs'))).toEqual([])
  })

  test('Ctrl+C cancels an installation, which says so itself', async () => {
    ports.engine.install = ({ signal }) =>
      new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(new Failure('engine.cancelled', {}, 'engine')))
      )
    const run = call('engine install')
    await settle()
    run.interrupt()
    expect(await run.code).toBe(130)
    expect(run.err()).toContain('was cancelled')
  })
})

describe('bad input', () => {
  test.each([
    ['train', 'terminal.nothingToTrain'],
    ['train gone.json', 'experiment.fileNotFound'],
    ['train .', 'experiment.fileNotFound'],
    ['train torn.json', 'storage.notJson'],
    ['train list.json', 'experiment.wrongType'],
    ['train spec.json --set trainning.epochs=1', 'experiment.unknownKey'],
    ['train spec.json --set gradients.9.max=1', 'experiment.badPath'],
    ['train spec.json --more-epochs 1', 'terminal.onlyWith'],
    ['train spec.json --resume done', 'terminal.eitherOr'],
    ['train --resume done --out x', 'terminal.notWith'],
    ['train --resume done --more-epochs 1.5', 'terminal.notAPositiveInteger'],
    ['train --resume done --more-epochs 0', 'terminal.notAPositiveInteger'],
    ['train --resume done', 'run.completed'],
    ['train --resume done --more-epochs 1 --set training.epochs=9', 'experiment.notLive'],
    ['train --resume done --more-epochs 1 --set gradients.0.max=-1', 'experiment.notAbove'],
    ['train --resume nobody', 'run.unknown'],
    ['train --resume .', 'run.notARun'],
    ['train spec.json --out spec.json', 'storage.notWritable'],
    ['evaluate nobody', 'run.unknown'],
    ['predict done', 'terminal.optionMissing'],
    ['export done --format tfsj --out x', 'terminal.unknownFormat'],
    ['export done --format tfjs', 'terminal.optionMissing'],
    ['import', 'terminal.argumentMissing'],
    ['import small.keras --base gone.json', 'experiment.fileNotFound'],
    ['import small.keras --out spec.json', 'terminal.outExists'],
    ['engine instal', 'terminal.unknownCommand'],
    ['engine status --from x', 'terminal.notWith'],
    ['engine status --gpu', 'terminal.notWith'],
    ['tarin', 'terminal.unknownCommand'],
    ['train --jsn spec.json', 'terminal.unknownOptionOf']
  ])('`%s` has exit code 2 and one sentence', async (line, key) => {
    await writeFile(join(folder, 'torn.json'), '{"version": 1,')
    await writeFile(join(folder, 'list.json'), '[]')
    await writeRun(join(ports.paths.library, 'runs', 'done'), [startedEvent(), endedEvent('completed')])
    const run = call(`${line} --json`)
    expect(await run.code).toBe(2)
    expect(run.lines()).toMatchObject([{ type: 'error', key }])
    expect(run.err().trimEnd().split('\n')).toEqual([run.lines()[0].message])
    expect(run.err()).not.toMatch(/\{\w+\}/)
    expect(ports.trainers).toEqual([])
  })

  test('without --json the sentence is on standard error alone, in the user’s language', async () => {
    const run = call('tarin', { environment: { STEADYGRAD_LANGUAGE: 'zh-CN', LANG: 'en_US.UTF-8' } })
    expect(await run.code).toBe(2)
    expect([run.out(), run.err()]).toEqual([
      '',
      '没有命令“tarin”；最接近的是“train”。用 `steadygrad --help` 查看所有命令。\n'
    ])
  })

  test('a bug keeps its stack and has exit code 1', async () => {
    const run = call('runs', {
      openWorkbench: () => {
        throw new TypeError('nothing is a function')
      }
    })
    expect(await run.code).toBe(1)
    expect(run.err()).toMatch(/TypeError: nothing is a function\n {4}at /)
  })

  test('--gpu installs and removes the engine for graphics cards alone', async () => {
    const asked: (boolean | undefined)[] = []
    ports.engine.install = async ({ gpu }) => {
      asked.push(gpu)
      return engineStatus
    }
    ports.engine.remove = async ({ gpu }) => void asked.push(gpu)
    for (const line of ['engine install --gpu', 'engine remove --gpu', 'engine install', 'engine remove'])
      expect(await call(line).code).toBe(0)
    expect(asked).toEqual([true, true, undefined, undefined])
  })

  test.each([
    [
      { installed: true, driver: true },
      ['The engine for graphics cards is installed: TensorFlow 2.21.0, 5,672 MB in /gpu']
    ],
    [{ installed: true, driver: false }, ['It cannot run: no driver of NVIDIA was found.']],
    [
      { installed: false, driver: true },
      ['`steadygrad engine install --gpu` fetches the engine for them, 3,379 MB.']
    ]
  ])('the state tells of graphics cards where they matter: %o', async (state, lines) => {
    const about = { folder: '/gpu', bytes: 5_672e6, download: 3_379e6, unpacked: 5_672e6 }
    ports.engine.status = async () => ({ ...engineStatus, gpu: { ...about, ...state } })
    const run = call('engine status')
    await run.code
    for (const line of lines) expect(run.out()).toContain(line)
  })

  test('an installation that is not possible has exit code 4', async () => {
    ports.engine.install = async () => {
      throw new Failure('engine.noPip', {}, 'engine')
    }
    const run = call('engine install --json')
    expect(await run.code).toBe(4)
    expect(run.lines()).toMatchObject([{ type: 'error', key: 'engine.noPip' }])
  })
})

describe('the other commands', () => {
  const summaryOf = async (line: string): Promise<Record<string, unknown>[]> => {
    await writeRun(join(ports.paths.library, 'runs', 'done'), [startedEvent(), endedEvent('completed')])
    const run = call(`${line} --json`)
    expect(await run.code).toBe(0)
    return run.lines()
  }

  test.each<[string, object[]]>([
    [
      'evaluate done',
      [
        {
          type: 'summary',
          run: expect.stringMatching(/^\/.*\/runs\/done$/),
          engine: 'cpu',
          step: 12,
          test: { loss: 0.25, accuracy: 0.9 },
          classes: [
            { name: 'zero', samples: 10, precision: 0.8, recall: 0.9, f1: 0.85 },
            { name: 'one', samples: 10, recall: 0.5, f1: 0 }
          ]
        }
      ]
    ],
    [
      'predict done --input digit',
      [
        { type: 'prediction', index: 0, class: 'one', outputs: [0.25, 0.75] },
        { type: 'summary', run: expect.stringMatching(/^\/.*\/runs\/done$/), count: 1 }
      ]
    ],
    [
      'export done --format tfjs --out m',
      [{ type: 'summary', run: expect.stringMatching(/^\/.*\/runs\/done$/), format: 'tfjs', samples: 100 }]
    ],
    ['inspect data.gz', [{ type: 'summary', name: 'digits', counts: { train: 100, test: 20 } }]],
    ['inspect small.keras', [{ type: 'summary', format: 'keras', parameters: 30 }]],
    [
      'import small.keras --base spec.json --out imported.json',
      [
        {
          type: 'summary',
          out: expect.stringMatching(/imported\.json$/),
          model: { format: 'keras' },
          experiment: { name: 'two layers', model: { weights: expect.stringMatching(/^[0-9a-f]{64}$/) } }
        }
      ]
    ],
    [
      'runs',
      [
        { type: 'run', id: 'done', state: 'completed', steps: 8, engine: 'native-cpu' },
        { type: 'summary', count: 1 }
      ]
    ],
    ['schema', [{ type: 'summary', schema: { type: 'object' } }]],
    ['engine status', [{ type: 'summary', ...engineStatus }]],
    ['engine remove', [{ type: 'summary', installed: false }]]
  ])('`%s` ends with a summary', async (line, lines) => {
    expect(await summaryOf(line)).toMatchObject(lines)
  })

  test.each([
    [
      'evaluate done',
      'The model as it was at step 12, on engine cpu:\ntest: loss 0.25, accuracy 90.00 %\n' +
        'Classes of the test part  samples  precision  recall   F1\n' +
        'zero                      10       80.00 %    90.00 %  85.00 %\n' +
        'one                       10       –          50.00 %  0.00 %\n'
    ],
    ['predict done --input digit', '0: one (75.00 %)\n'],
    [
      'inspect data.gz',
      'digits: 100 samples to train, 20 to test\n' +
        'Shape of a sample: 2 × 1 × 1; type uint8; values from 0 to 255\nClasses (2): zero, one\n'
    ],
    [
      'inspect small.keras',
      '/models/small.keras: a model by Keras 3.15.0 with 2 layers and 30 numbers\n' +
        'Shape of a sample: 2 × 1 × 1\n' +
        'layer    class    here     output  numbers\n' +
        'flatten  Flatten  flatten  2       0\n' +
        'dense    Dense    dense    10      30\n' +
        'Note: The softmax at the end became part of the loss, which compares logits; predictions and exports still give the same probabilities.\n'
    ],
    [
      'runs',
      'run   name        state      steps  engine      score                       note\n' +
        'done  two layers  completed  8      native-cpu  loss 0.2, accuracy 95.00 %\n'
    ],
    [
      'engine status',
      'The native engine is not installed; it would be TensorFlow 2.21.0.\nA run would get: wasm\n'
    ]
  ])('`%s` tells it to people', async (line, text) => {
    await writeRun(join(ports.paths.library, 'runs', 'done'), [startedEvent(), endedEvent('completed')])
    const run = call(line)
    expect(await run.code).toBe(0)
    expect(run.out()).toBe(text)
  })

  test('inspect tells what the columns of a table are, and what was found', async () => {
    const names = Array.from({ length: 60 }, (_, i) => `k${i}`)
    const number = { kind: 'number' as const, missing: 0 }
    ports.script.worker = {
      inspect: () => ({
        ...datasetSummary,
        columns: [
          { ...number, name: 'size', missing: 2, range: [-1, 1.5] },
          { ...number, name: 'empty' },
          { name: 'colour', kind: 'category', missing: 0, categories: names },
          ...names.slice(3).map((name) => ({ ...number, name, range: [0, 1] as [number, number] }))
        ],
        target: 'kind',
        findings: [
          {
            kind: 'missing',
            severity: 'error',
            part: 'train',
            count: 2,
            examples: [0, 7],
            names: ['t.csv:2', 't.csv:9'],
            message: {
              key: 'data.table.missing',
              values: { column: 'size', count: 2, total: 100, names: 't.csv:2, t.csv:9' }
            }
          }
        ]
      })
    }
    const run = call('inspect t.csv')
    expect(await run.code).toBe(0)
    const lines = run.out().split('\n')
    expect(lines.slice(2, 6)).toEqual([
      'Columns (60):',
      '  size: numbers from -1 to 1.5; missing: 2',
      '  empty: numbers from – to –; missing: 0',
      `  colour: 60 categories (${names.slice(0, 50).join(', ')}, …); missing: 0`
    ])
    expect(lines.slice(53)).toEqual([
      '  … and 10 more',
      'Target: kind',
      'Classes (2): zero, one',
      'Error: Column “size”: 2 of 100 values are missing: t.csv:2, t.csv:9. They must be cleaned before training (data.clean).',
      ''
    ])
  })

  test('import writes an experiment that can be trained, and never over another file unless that is wished', async () => {
    const run = call('import small.keras')
    expect(await run.code).toBe(0)
    expect(run.out()).toContain(`The experiment is in ${join(folder, 'small.json')}\n`)
    const written = JSON.parse(await readFile(join(folder, 'small.json'), 'utf8')) as unknown
    expect(parseExperiment(written).model.weights).toMatch(/^[0-9a-f]{64}$/)
    const again = call('import small.keras --json')
    expect(await again.code).toBe(2)
    expect(again.lines()).toMatchObject([{ type: 'error', key: 'terminal.outExists' }])
    expect(await call('import small.keras --overwrite').code).toBe(0)
  })

  test('import takes the name of the folder for a file that is called model.json everywhere', async () => {
    expect(await call('import digits/model.json').code).toBe(0)
    expect(await readdir(folder)).toContain('digits.json')
  })

  test('import names every layer that cannot be represented, and writes nothing', async () => {
    const problemOf = (layer: string) =>
      ({ key: 'import.why.unknown', values: { layer, className: 'Lambda' } }) as const
    const layers = ['first', 'second'].map((name) => ({
      name,
      className: 'Lambda',
      parameters: 0,
      problem: problemOf(name)
    }))
    ports.script.worker = { importModel: () => ({ model: { ...foreignModel, layers } }) }
    const run = call('import small.keras --json')
    expect(await run.code).toBe(2)
    expect(run.lines()).toEqual([
      expect.objectContaining({
        type: 'layer',
        name: 'first',
        problem: 'Layer “first” (Lambda): there is no such layer here.'
      }),
      expect.objectContaining({ type: 'layer', name: 'second' }),
      {
        type: 'error',
        key: 'import.notRepresentable',
        message:
          '/models/small.keras was not imported: 2 of its layers cannot be represented here (first, second).'
      }
    ])
    expect(await readdir(folder)).toEqual(['spec.json'])
  })

  test('runs are listed with the names and notes that their user gave them', async () => {
    await writeRun(join(ports.paths.library, 'runs', 'done'), [startedEvent(), endedEvent('completed')])
    await writeFile(
      join(ports.paths.library, 'index.json'),
      JSON.stringify({ version: 1, runs: { done: { name: '基线', note: 'seed 1\nmore' } } })
    )
    const run = call('runs')
    expect(await run.code).toBe(0)
    expect(run.out()).toBe(
      'run   name  state      steps  engine      score                       note\n' +
        'done  基线  completed  8      native-cpu  loss 0.2, accuracy 95.00 %  seed 1…\n'
    )
  })

  test('presets are listed with what they are about, and train takes the name of one', async () => {
    for (const name of ['mnist-cnn', 'own'])
      await writeFile(join(ports.paths.presets, `${name}.json`), JSON.stringify({ ...experiment, name }))
    const listed = call('presets')
    expect(await listed.code).toBe(0)
    expect(listed.out()).toBe(
      `mnist-cnn: ${say('en', 'preset.mnist-cnn')}\n  ${say('en', 'preset.mnist-cnn.help')}\nown: own\n`
    )
    expect(await summaryOf('presets')).toMatchObject([
      { type: 'preset', id: 'mnist-cnn', experiment: { name: 'mnist-cnn' } },
      { type: 'preset', id: 'own', name: 'own', about: '' },
      { type: 'summary', count: 2 }
    ])
    const imported = await summaryOf('import small.keras --base own --out imported.json')
    expect(imported).toMatchObject([{ type: 'summary', experiment: { name: 'own' } }])
  })

  test('schema alone is nothing but the JSON Schema', async () => {
    const run = call('schema')
    expect(await run.code).toBe(0)
    expect(JSON.parse(run.out())).toEqual(JSON.parse(JSON.stringify(experimentJsonSchema('en'))))
  })

  test('an installation tells sizes before it loads, and its share while it does', async () => {
    ports.engine.install = async ({ report, from }) => {
      const message = { key: 'engine.install.sizes' } as const
      report({ stage: 'check', message })
      report({ stage: 'download', share: 0.5, message: { key: 'engine.install.probing' } })
      return { ...engineStatus, installed: true, folder: from ?? '' }
    }
    const run = call('engine install --from wheel.whl --json')
    expect(await run.code).toBe(0)
    expect(run.lines()).toMatchObject([
      { type: 'progress', stage: 'check' },
      { type: 'progress', stage: 'download', share: 0.5 },
      { type: 'summary', installed: true, folder: join(folder, 'wheel.whl') }
    ])
  })

  test.each([
    ['', /^Steadygrad trains/],
    ['--help', /^Steadygrad trains/],
    ['train --help', /^steadygrad train <experiment\.json \| PRESET>/],
    ['predict -h', /^steadygrad predict RUN --input FILE/],
    ['--version', /^1\.2\.3\n$/]
  ])('`%s` is answered without a workbench', async (line, text) => {
    const run = call(line, {
      openWorkbench: () => {
        throw new Error('not needed')
      }
    })
    expect(await run.code).toBe(0)
    expect(run.out()).toMatch(text)
  })
})
