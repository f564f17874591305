"""Makes layers.json: outputs and gradients of layers, activations and losses, computed by Keras 3 on TensorFlow.

pip install keras==3.15.1 tensorflow-cpu==2.21.0; python layers.py > layers.json
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


def layer_case(word, layer, shape, roles):
    """Forward and backward through one layer in training mode, for a random cotangent."""
    x = tf.constant(draw(*shape))
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
        "inputGradient": tensor(towards[0]),
        "gradients": {role: tensor(gradient) for role, gradient in zip(roles, towards[1:])},
    }
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
ACTIVATIONS = {
    "linear": "linear",
    "relu": "relu",
    "leakyRelu": "leaky_relu",
    "elu": "elu",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
    "softmax": "softmax",
}
cases += [
    layer_case({"use": "activation", "activation": word}, L.Activation(name), (4, 5), [])
    for word, name in ACTIVATIONS.items()
]


def loss_case(word, loss, outputs, targets):
    outputs = tf.constant(outputs)
    with tf.GradientTape() as tape:
        tape.watch(outputs)
        value = loss(targets, outputs)
    return {
        "loss": word,
        "outputs": tensor(outputs),
        "targets": tensor(targets),
        "areClasses": targets.dtype == np.int32,
        "value": float(value),
        "gradient": tensor(tape.gradient(value, outputs)),
    }


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
print(json.dumps({"madeBy": f"Keras {keras.__version__}, layers.py", "layers": cases, "losses": losses}))
