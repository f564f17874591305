"""Makes layers.json: outputs and gradients of layers, activations and losses, computed by Keras 3 on TensorFlow.

pip install keras==3.15.0 tensorflow-cpu==2.21.0; python layers.py > layers.json
"""

import json
import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
import tensorflow as tf

random = np.random.RandomState(3)


def tensor(array):
    array = np.asarray(array)
    return {"shape": list(array.shape), "values": array.reshape(-1).astype(float).tolist()}


def draw(*shape):
    return random.randn(*shape).astype("float32")


def layer_case(word, layer, shape, roles, x=None):
    """Forward and backward through one layer in training mode, for a random cotangent; `x` is drawn if not given."""
    x = tf.constant(draw(*shape) if x is None else x)
    layer.build(x.shape)
    for weight in layer.trainable_weights:
        weight.assign(draw(*weight.shape))
    state_before = {role: tensor(getattr(layer, attribute).numpy()) for role, attribute in STATE if hasattr(layer, attribute)}
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(x, training=True)
        cotangent = tf.constant(draw(*y.shape))
        value = tf.reduce_sum(y * cotangent)
    weights = [weight.value for weight in layer.trainable_weights]
    towards = tape.gradient(value, [x] + weights)
    case = {
        "layer": word,
        "input": tensor(x),
        "parameters": {role: tensor(weight) for role, weight in zip(roles, weights)},
        "cotangent": tensor(cotangent),
        "output": tensor(y),
        "gradients": {role: tensor(tf.convert_to_tensor(gradient)) for role, gradient in zip(roles, towards[1:])},
    }
    # Codes have no gradient.
    if towards[0] is not None:
        case["inputGradient"] = tensor(towards[0])
    if state_before:
        case["state"] = state_before
        case["newState"] = {role: tensor(getattr(layer, attribute).numpy()) for role, attribute in STATE}
        case["inference"] = tensor(layer(x, training=False))
    return case


STATE = [("movingMean", "moving_mean"), ("movingVariance", "moving_variance")]
L = keras.layers
KERNEL = ["kernel", "bias"]
cases = [
    layer_case({"use": "dense", "units": 3}, L.Dense(3), (4, 5), KERNEL),
    layer_case({"use": "dense", "units": 3, "useBias": False}, L.Dense(3, use_bias=False), (4, 5), KERNEL),
    layer_case({"use": "conv2d", "filters": 3, "kernelSize": 3}, L.Conv2D(3, 3), (2, 6, 5, 2), KERNEL),
    layer_case(
        {"use": "conv2d", "filters": 2, "kernelSize": [3, 2], "strides": 2, "padding": "same"},
        L.Conv2D(2, (3, 2), 2, "same"),
        (2, 6, 5, 2),
        KERNEL,
    ),
    layer_case(
        {"use": "conv2d", "filters": 2, "kernelSize": 2, "strides": [2, 1], "useBias": False},
        L.Conv2D(2, 2, (2, 1), use_bias=False),
        (2, 7, 4, 1),
        KERNEL,
    ),
    layer_case({"use": "maxPooling2d", "size": 2}, L.MaxPooling2D(2), (2, 5, 4, 2), []),
    layer_case(
        {"use": "maxPooling2d", "size": [3, 2], "strides": [2, 1], "padding": "same"},
        L.MaxPooling2D((3, 2), (2, 1), "same"),
        (2, 5, 4, 2),
        [],
    ),
    layer_case({"use": "averagePooling2d", "size": 2}, L.AveragePooling2D(2), (2, 5, 4, 2), []),
    layer_case(
        {"use": "averagePooling2d", "size": [3, 2], "strides": [2, 1], "padding": "same"},
        L.AveragePooling2D((3, 2), (2, 1), "same"),
        (2, 6, 4, 2),
        [],
    ),
    layer_case({"use": "flatten"}, L.Flatten(), (2, 3, 2, 2), []),
    layer_case(
        {"use": "batchNormalization"}, L.BatchNormalization(), (6, 3), ["gain", "offset"]
    ),
    layer_case(
        {"use": "batchNormalization", "momentum": 0.8, "epsilon": 0.01},
        L.BatchNormalization(momentum=0.8, epsilon=0.01),
        (3, 4, 3, 2),
        ["gain", "offset"],
    ),
]


def block_case(word, shape, parts, call):
    """As layer_case, through several layers that `call` puts together; a part is a layer with the roles of its weights."""
    x = tf.constant(draw(*shape))
    call(x, {name: layer for name, (layer, _) in parts.items()})
    weights = {}
    for name, (layer, roles) in parts.items():
        for role, weight in zip(roles, layer.trainable_weights):
            weight.assign(draw(*weight.shape))
            weights[f"{name}/{role}"] = weight
    kept = {
        f"{name}/{role}": getattr(layer, attribute)
        for name, (layer, _) in parts.items()
        for role, attribute in STATE
        if hasattr(layer, attribute)
    }
    for variable in kept.values():
        variable.assign(tf.abs(draw(*variable.shape)))
    state_before = {name: tensor(variable.numpy()) for name, variable in kept.items()}
    layers = {name: layer for name, (layer, _) in parts.items()}
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = call(x, layers, training=True)
        cotangent = tf.constant(draw(*y.shape))
        value = tf.reduce_sum(y * cotangent)
    towards = tape.gradient(value, [x] + [weight.value for weight in weights.values()])
    case = {
        "layer": word,
        "input": tensor(x),
        "parameters": {name: tensor(weight) for name, weight in weights.items()},
        "cotangent": tensor(cotangent),
        "output": tensor(y),
        "inputGradient": tensor(towards[0]),
        "gradients": {name: tensor(gradient) for name, gradient in zip(weights, towards[1:])},
    }
    if kept:
        case["state"] = state_before
        case["newState"] = {name: tensor(variable.numpy()) for name, variable in kept.items()}
        case["inference"] = tensor(call(x, layers, training=False))
    return case


class Normalized(keras.layers.Layer):
    """A layer whose kernel is gain · v / ‖v‖, the norm taken over all axes but the last (Salimans and Kingma, 2016)."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def build(self, shape):
        self.inner.build(shape)
        self.v = self.add_weight(shape=self.inner.kernel.shape)
        self.gain = self.add_weight(shape=self.inner.kernel.shape[-1:])
        self.bias = self.add_weight(shape=self.inner.bias.shape) if self.inner.use_bias else None

    @property
    def trainable_weights(self):
        return [self.v, self.gain] + ([self.bias] if self.bias is not None else [])

    def call(self, x, training=None):
        norms = tf.sqrt(tf.reduce_sum(tf.square(self.v), axis=list(range(len(self.v.shape) - 1))))
        kernel = self.gain * self.v / norms
        if isinstance(self.inner, keras.layers.Dense):
            y = tf.matmul(x, kernel)
        else:
            y = tf.nn.conv2d(x, kernel, self.inner.strides, self.inner.padding.upper())
        return y if self.bias is None else y + self.bias


def bottleneck(x, layers, training=None):
    """relu(projection(x) + normalized(relu(conv(x))))"""
    inside = layers["batchNormalization_1"](tf.nn.relu(layers["conv2d_1"](x)), training=training)
    return tf.nn.relu(layers["shortcut"](x) + inside)


cases += [
    block_case(
        {
            "use": "residual",
            "layers": [{"use": "dense", "units": 4, "activation": "tanh"}, {"use": "dense", "units": 5}],
        },
        (4, 5),
        {"dense_1": (L.Dense(4, activation="tanh"), KERNEL), "dense_2": (L.Dense(5), KERNEL)},
        lambda x, layers, training=None: x + layers["dense_2"](layers["dense_1"](x)),
    ),
    block_case(
        {"use": "residual", "shortcut": "projection", "layers": [{"use": "dense", "units": 3}]},
        (4, 5),
        {"shortcut": (L.Dense(3, use_bias=False), ["kernel"]), "dense_1": (L.Dense(3), KERNEL)},
        lambda x, layers, training=None: layers["shortcut"](x) + layers["dense_1"](x),
    ),
    block_case(
        {
            "use": "residual",
            "shortcut": "projection",
            "activation": "relu",
            "layers": [
                {
                    "use": "conv2d",
                    "filters": 3,
                    "kernelSize": 3,
                    "strides": [2, 3],
                    "padding": "same",
                    "activation": "relu",
                },
                {"use": "batchNormalization"},
            ],
        },
        (3, 5, 7, 2),
        {
            "shortcut": (L.Conv2D(3, 1, (2, 3), use_bias=False), ["kernel"]),
            "conv2d_1": (L.Conv2D(3, 3, (2, 3), "same"), KERNEL),
            "batchNormalization_1": (L.BatchNormalization(), ["gain", "offset"]),
        },
        bottleneck,
    ),
    layer_case(
        {"use": "weightNormalization", "layer": {"use": "dense", "units": 3}},
        Normalized(L.Dense(3)),
        (4, 5),
        ["kernel", "gain", "bias"],
    ),
    layer_case(
        {
            "use": "weightNormalization",
            "layer": {
                "use": "conv2d",
                "filters": 2,
                "kernelSize": [3, 2],
                "strides": 2,
                "padding": "same",
                "useBias": False,
            },
        },
        Normalized(L.Conv2D(2, (3, 2), 2, "same", use_bias=False)),
        (2, 5, 6, 3),
        ["kernel", "gain"],
    ),
]


def rounded(*shape):
    """Numbers of which many are equal, so that there is more than one largest."""
    return np.round(draw(*shape))


RECURRENT = ["kernel", "recurrentKernel", "bias"]
KERAS_CELLS = {"simpleRnn": L.SimpleRNN, "lstm": L.LSTM, "gru": L.GRU}


def recurrent_cases(word):
    """The last output and all of them, with tanh and with other activations, with and without bias."""
    cell = KERAS_CELLS[word]
    return [
        layer_case({"use": word, "units": 4}, cell(4), (3, 5, 2), RECURRENT),
        layer_case({"use": word, "units": 3, "returnSequences": True}, cell(3, return_sequences=True), (2, 4, 3), RECURRENT),
        layer_case(
            {"use": word, "units": 2, "activation": "relu", "useBias": False, "returnSequences": True},
            cell(2, activation="relu", use_bias=False, return_sequences=True),
            (2, 3, 2),
            RECURRENT[:2],
        ),
        layer_case({"use": word, "units": 3, "activation": "silu"}, cell(3, activation="silu"), (2, 1, 2), RECURRENT),
    ]


cases += [
    layer_case({"use": "conv1d", "filters": 3, "kernelSize": 3}, L.Conv1D(3, 3), (2, 7, 2), KERNEL),
    layer_case(
        {"use": "conv1d", "filters": 2, "kernelSize": 4, "strides": 2, "padding": "same", "useBias": False},
        L.Conv1D(2, 4, 2, "same", use_bias=False),
        (2, 7, 3),
        KERNEL,
    ),
    layer_case(
        {"use": "depthwiseConv2d", "kernelSize": 3, "depthMultiplier": 2},
        L.DepthwiseConv2D(3, depth_multiplier=2),
        (2, 5, 6, 3),
        ["depthwiseKernel", "bias"],
    ),
    layer_case(
        {"use": "depthwiseConv2d", "kernelSize": [3, 2], "strides": 2, "padding": "same", "useBias": False},
        L.DepthwiseConv2D((3, 2), 2, "same", use_bias=False),
        (2, 5, 6, 2),
        ["depthwiseKernel"],
    ),
    layer_case(
        {"use": "separableConv2d", "filters": 4, "kernelSize": 3},
        L.SeparableConv2D(4, 3),
        (2, 5, 6, 3),
        ["depthwiseKernel", "pointwiseKernel", "bias"],
    ),
    layer_case(
        {
            "use": "separableConv2d",
            "filters": 2,
            "kernelSize": [2, 3],
            "strides": 2,
            "padding": "same",
            "useBias": False,
        },
        L.SeparableConv2D(2, (2, 3), 2, "same", use_bias=False),
        (2, 6, 5, 2),
        ["depthwiseKernel", "pointwiseKernel"],
    ),
    layer_case({"use": "maxPooling1d"}, L.MaxPooling1D(2), (2, 5, 3), []),
    layer_case(
        {"use": "maxPooling1d", "size": 3, "strides": 2, "padding": "same"},
        L.MaxPooling1D(3, 2, "same"),
        (2, 6, 2),
        [],
    ),
    layer_case({"use": "averagePooling1d"}, L.AveragePooling1D(2), (2, 5, 3), []),
    layer_case(
        {"use": "averagePooling1d", "size": 3, "strides": 2, "padding": "same"},
        L.AveragePooling1D(3, 2, "same"),
        (2, 6, 2),
        [],
    ),
    layer_case({"use": "globalAveragePooling1d"}, L.GlobalAveragePooling1D(), (2, 5, 3), []),
    layer_case({"use": "globalAveragePooling2d"}, L.GlobalAveragePooling2D(), (2, 3, 4, 3), []),
    layer_case({"use": "globalMaxPooling1d"}, L.GlobalMaxPooling1D(), (2, 5, 3), [], rounded(2, 5, 3)),
    layer_case({"use": "globalMaxPooling2d"}, L.GlobalMaxPooling2D(), (2, 3, 4, 3), [], rounded(2, 3, 4, 3)),
    layer_case({"use": "reshape", "shape": [4, 3]}, L.Reshape((4, 3)), (2, 2, 6), []),
    layer_case({"use": "layerNormalization"}, L.LayerNormalization(), (4, 5), ["gain", "offset"]),
    layer_case(
        {"use": "layerNormalization", "epsilon": 0.1},
        L.LayerNormalization(epsilon=0.1),
        (2, 3, 2, 4),
        ["gain", "offset"],
    ),
    layer_case(
        {"use": "embedding", "inputs": 6, "units": 3},
        L.Embedding(6, 3),
        (3, 4),
        ["embeddings"],
        np.array([[0, 5, 2, 2], [1, 1, 1, 4], [5, 0, 0, 2]], dtype="float32"),
    ),
    *recurrent_cases("simpleRnn"),
    *recurrent_cases("lstm"),
    *recurrent_cases("gru"),
]
ACTIVATIONS = {
    "linear": "linear",
    "relu": "relu",
    "leakyRelu": "leaky_relu",
    "elu": "elu",
    "selu": "selu",
    "gelu": "gelu",
    "silu": "silu",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
    "softmax": "softmax",
    "softplus": "softplus",
    "exponential": "exponential",
}
cases += [
    layer_case({"use": "activation", "activation": word}, L.Activation(name), (4, 5), [])
    for word, name in ACTIVATIONS.items()
]


def loss_case(word, loss, outputs, targets, wanted=None, weights=None):
    """`wanted` is what Keras must be given where it does not take the targets themselves."""
    outputs = tf.constant(outputs)
    wanted = targets if wanted is None else wanted
    with tf.GradientTape() as tape:
        tape.watch(outputs)
        value = loss(wanted, outputs) if weights is None else loss(wanted, outputs, sample_weight=weights)
    case = {
        "loss": word,
        "outputs": tensor(outputs),
        "targets": tensor(targets),
        "areClasses": targets.dtype == np.int32,
        "value": float(value),
        "gradient": tensor(tape.gradient(value, outputs)),
    }
    if weights is not None:
        case["sampleWeights"] = tensor(weights)
    return case


classes = np.array([0, 3, 2, 2, 1, 0], dtype=np.int32)
cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
squares = keras.losses.MeanSquaredError()
losses = [
    loss_case({"use": "softmaxCrossEntropy"}, cross_entropy, 3 * draw(6, 4), classes),
    loss_case(
        {"use": "softmaxCrossEntropy", "weight": -0.5},
        lambda targets, outputs: -0.5 * cross_entropy(targets, outputs),
        draw(6, 4),
        classes,
    ),
    loss_case({"use": "softmaxCrossEntropy"}, cross_entropy, 200 * draw(6, 4), classes),
    loss_case({"use": "meanSquaredError"}, squares, draw(5, 3), draw(5, 3)),
    loss_case(
        {"use": "meanSquaredError"},
        lambda targets, outputs: squares(tf.one_hot(targets, 4), outputs),
        draw(6, 4),
        classes,
    ),
]

bits = np.array([0, 1, 1, 0, 1, 0], dtype=np.int32)
one_hot = tf.one_hot(classes, 4)
bit_column = bits[:, None].astype("float32")
weights = np.array([0, 1, 2.5, 0.5, 3, 1], dtype="float32")


def shares(rows, columns):
    """Rows of positive numbers that sum to 1, as mixup makes of classes."""
    numbers = np.exp(draw(rows, columns))
    return (numbers / numbers.sum(axis=1, keepdims=True)).astype("float32")


soft_cross_entropy = keras.losses.CategoricalCrossentropy(from_logits=True)
binary = keras.losses.BinaryCrossentropy(from_logits=True)
categorical = keras.losses.CategoricalCrossentropy()
KERAS = {
    "meanSquaredError": (squares, {}),
    "meanAbsoluteError": (keras.losses.MeanAbsoluteError(), {}),
    "huber": (keras.losses.Huber(), {}),
    "huber, narrow": (keras.losses.Huber(delta=0.3), {"delta": 0.3}),
    "binaryCrossEntropy": (binary, {}),
}
for name, (loss, options) in KERAS.items():
    word = {"use": name.split(",")[0], **options}
    pair = shares(6, 2)
    losses += [
        loss_case(word, loss, 2 * draw(6, 4), classes, one_hot),
        loss_case(word, loss, 2 * draw(6, 4), shares(6, 4)),
        loss_case(word, loss, 2 * draw(6, 4), classes, one_hot, weights),
        # One output for two classes.
        loss_case(word, loss, 2 * draw(6, 1), bits, bit_column),
        loss_case(word, loss, 2 * draw(6, 1), pair, pair[:, 1:]),
    ]
losses += [
    loss_case({"use": "softmaxCrossEntropy"}, soft_cross_entropy, 3 * draw(6, 4), shares(6, 4)),
    loss_case({"use": "softmaxCrossEntropy"}, soft_cross_entropy, draw(6, 4), classes, one_hot, weights),
    # Numbers that are no probabilities are made such.
    loss_case({"use": "categoricalCrossEntropy"}, categorical, 3 * shares(6, 4), classes, one_hot),
    loss_case({"use": "categoricalCrossEntropy"}, categorical, shares(6, 4), shares(6, 4)),
    loss_case({"use": "categoricalCrossEntropy"}, categorical, shares(6, 4), classes, one_hot, weights),
    loss_case({"use": "binaryCrossEntropy"}, binary, 300 * draw(6, 4), classes, one_hot),
]
print(json.dumps({"madeBy": f"Keras {keras.__version__}, layers.py", "layers": cases, "losses": losses}))
