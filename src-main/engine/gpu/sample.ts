import type { GpuSample } from '#contract/engine'
import { runCommand, type RunCommand } from '../command'
import { NVIDIA_SMI } from './driver'

const QUERY = ['index', 'name', 'utilization.gpu', 'memory.used', 'memory.total']
/** A program that hangs with its driver must not pile up. */
const TIME_LIMIT_MS = 5_000

/**
 * How busy a graphics card is, as nvidia-smi tells it; undefined where it tells nothing that can be understood.
 * `device` is what `CUDA_VISIBLE_DEVICES` names: a number or the beginning of a UUID.
 */
export async function sampleGpu(
  device: string,
  run: RunCommand = runCommand
): Promise<GpuSample | undefined> {
  const parameters = [`--query-gpu=${QUERY.join(',')}`, '--format=csv,noheader,nounits', '-i', device]
  const result = await run(NVIDIA_SMI, parameters, { signal: AbortSignal.timeout(TIME_LIMIT_MS) }).catch(
    () => undefined
  )
  return result?.code === 0 ? parseSample(result.output) : undefined
}

/** One line of five values: whole numbers, percent and MiB, as `0, NVIDIA A100-SXM4-40GB, 37, 2048, 40960`. */
export function parseSample(output: string): GpuSample | undefined {
  const lines = output.trim().split('\n')
  const fields = lines[0].split(',').map((field) => field.trim())
  if (lines.length !== 1 || fields.length !== QUERY.length) return undefined
  const [index, name, ...measured] = fields
  // A card that cannot tell something says `[N/A]`.
  if (name === '' || ![index, ...measured].every((field) => /^\d{1,7}$/.test(field))) return undefined
  const [percent, used, total] = measured.map(Number)
  if (percent > 100 || total === 0 || used > total) return undefined
  return { index: Number(index), name, percent, usedMebibytes: used, totalMebibytes: total }
}
