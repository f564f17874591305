// Compiled into the addon beside tfjs-node's own sources, where TF_NewSessionOptions has the name below. Sessions of a
// graph are then opened with a configuration, for which tfjs-node has no parameter.

#undef TF_NewSessionOptions
#include "tensorflow/c/c_api.h"

namespace {

// A ConfigProto (tensorflow/core/protobuf/config.proto) that sets graph_options.rewrite_options: of the passes that
// rewrite a graph before it runs first, those that prune, fuse, and lay images out for a graphics card stay. The others take
// most of the time until then, and on graphs of training steps nothing was gained by them.
const unsigned char kConfig[] = {
    0x52, 32,    // graph_options
    0x52, 30,    // rewrite_options
    0x18, 2,     // constant_folding: OFF
    0x20, 1,     // memory_optimization: NO_MEM_OPT
    0x38, 2,     // arithmetic_optimization: OFF
    0x40, 2,     // dependency_optimization: OFF
    0x48, 2,     // loop_optimization: OFF
    0x50, 2,     // function_optimization: OFF
    0x58, 2,     // debug_stripper: OFF
    0x60, 1,     // meta_optimizer_iterations: ONE
    0x68, 2,     // shape_optimization: OFF
    0xb0, 1, 2,  // implementation_selector: OFF
    0xc0, 1, 2,  // common_subgraph_elimination: OFF
    0xf0, 1, 2,  // experimental_conditional_code_motion: OFF
    0x80, 2, 1,  // disable_tfg_optimizer: true
};

}  // namespace

extern "C" TF_SessionOptions* SteadygradSessionOptions() {
  TF_SessionOptions* options = TF_NewSessionOptions();
  TF_Status* status = TF_NewStatus();
  // What cannot be set leaves TensorFlow's own choice, with which everything runs too.
  TF_SetConfig(options, kConfig, sizeof(kConfig), status);
  TF_DeleteStatus(status);
  return options;
}
