import { registerPortableKernels } from '../portable'
import { registerConvolutionFilterGradient } from './convolution-filter-gradient'
import { registerConvolutionInputGradient } from './convolution-input-gradient'
import { registerDepthwiseGradients } from './depthwise-gradients'
import { registerMatrixProduct } from './matrix-product'
import { registerMaxPoolGradient } from './max-pool-gradient'
import { registerSegmentSum } from './segment-sum'

/** The name under which tfjs knows the WebAssembly engine. */
export const WASM_BACKEND = 'wasm'

/** Registers what tfjs-backend-wasm lacks for training, and what it computes slowly. */
export function registerWasmKernels(): void {
  registerPortableKernels(WASM_BACKEND)
  registerMatrixProduct(WASM_BACKEND)
  registerConvolutionFilterGradient(WASM_BACKEND)
  registerConvolutionInputGradient(WASM_BACKEND)
  registerDepthwiseGradients(WASM_BACKEND)
  registerMaxPoolGradient(WASM_BACKEND)
  registerSegmentSum(WASM_BACKEND)
}
