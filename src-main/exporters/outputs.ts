import type { Experiment } from '#contract/experiment'
import type { ModelArtifact } from '#contract/trainer'

/** What an export adds behind the trained layers, so that its outputs are what people expect. */
export interface OutputForm {
  /** Models are trained on logits; probabilities are what is wanted of them. */
  activation?: 'softmax' | 'sigmoid'
  /** Takes back the scaling of targets. */
  multiply: number
}

/** The form of an export's outputs, as its loss and the preparation of its targets decide. */
export function outputForm({ loss, data }: Experiment): OutputForm {
  const scale = data.prepare
    .filter((step) => step.on === 'targets')
    .reduce((product, { by }) => product * by, 1)
  const multiply = scale === 0 ? 1 : 1 / scale
  if (loss.use === 'softmaxCrossEntropy') return { activation: 'softmax', multiply }
  return loss.use === 'binaryCrossEntropy' ? { activation: 'sigmoid', multiply } : { multiply }
}

/** What an export must answer for the artifact's samples: the trained model's own outputs in the form of exports. */
export function expectedOutputs({ experiment, samples, outputs, inputShape }: ModelArtifact): Float32Array {
  const { activation, multiply } = outputForm(experiment)
  if (activation === 'sigmoid') return outputs.map((value) => multiply / (1 + Math.exp(-value)))
  if (activation === undefined) return outputs.map((value) => value * multiply)
  const count = samples.length / inputShape.reduce((product, each) => product * each, 1)
  const size = outputs.length / count
  const expected = new Float32Array(outputs.length)
  for (let row = 0; row < count; row++) {
    const logits = outputs.subarray(row * size, (row + 1) * size)
    // The largest is taken off first, so that exp cannot overflow.
    const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity)
    const exponentials = Array.from(logits, (logit) => Math.exp(logit - largest))
    const total = exponentials.reduce((sum, each) => sum + each, 0)
    expected.set(
      exponentials.map((each) => each / total),
      row * size
    )
  }
  return expected
}
