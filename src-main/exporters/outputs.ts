import { inverseOf, type Affine } from '#contract/preparation'
import type { ModelArtifact } from '#contract/trainer'
import type { Loss } from '#contract/vocabulary'

/** What an export adds behind the trained layers, so that its outputs are what people expect. */
export interface OutputForm {
  /** Models are trained on logits; probabilities are what is wanted of them. */
  activation?: 'softmax' | 'sigmoid'
  /** Takes back the preparation of targets: output × scale + add, one number for all outputs or one for each. */
  targets?: { scale: number[]; add: number[] }
}

/** The form of an export's outputs, as its loss and the preparation of its targets decide. */
export function outputForm({
  experiment: { loss },
  preparation: { targets }
}: Pick<ModelArtifact, 'experiment' | 'preparation'>): OutputForm {
  const activation = activations[loss.use]
  return {
    ...(activation && { activation }),
    ...(targets && changes(targets) && { targets: inverseOf(targets) })
  }
}

const activations: Partial<Record<Loss['use'], OutputForm['activation']>> = {
  softmaxCrossEntropy: 'softmax',
  binaryCrossEntropy: 'sigmoid'
}

const changes = ({ subtract, multiply }: Affine): boolean =>
  subtract.some((each) => each !== 0) || multiply.some((each) => each !== 1)

/** What an export must answer for the artifact's samples: the trained model's own outputs in the form of exports. */
export function expectedOutputs(artifact: ModelArtifact): Float32Array {
  const { activation, targets } = outputForm(artifact)
  const activated = activate(artifact, activation)
  if (!targets) return activated
  const { scale, add } = targets
  return activated.map((value, i) => value * scale[i % scale.length] + add[i % add.length])
}

function activate(
  { samples, outputs, preparation: { sampleShape } }: ModelArtifact,
  activation: OutputForm['activation']
): Float32Array {
  if (activation === undefined) return outputs
  if (activation === 'sigmoid') return outputs.map((value) => 1 / (1 + Math.exp(-value)))
  const count = samples.length / sampleShape.reduce((product, each) => product * each, 1)
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
