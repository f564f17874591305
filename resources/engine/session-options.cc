// Compiled into the addon beside tfjs-node's own sources, where TF_NewSessionOptions has the name below. Sessions of a
// graph are then opened with a configuration, for which tfjs-node has no parameter.

#undef TF_NewSessionOptions
#include "tensorflow/c/c_api.h"

namespace {

// A ConfigProto (tensorflow/core/protobuf/config.proto). The passes that rewrite a graph before it runs first take most of
// the time until then; on graphs of training steps, which come with their own rewrites, they save none.
const unsigned char kConfig[] = {
    0x52, 5,     // graph_options
    0x52, 3,     // rewrite_options
    0x98, 1, 1,  // disable_meta_optimizer: true
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
