"""Answers with Keras 3 on TensorFlow what test/interop asks: JSON on standard input, JSON on standard output."""

import json
import os
import re
import sys

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
import tensorflow as tf

L = keras.layers
I = keras.initializers


def array(numbers, dtype="float32"):
    return np.array(numbers["values"], dtype=dtype).reshape(numbers["shape"])


def numbers(values):
    values = np.asarray(tf.convert_to_tensor(values))
    return {"shape": list(values.shape), "values": values.reshape(-1).astype(float).tolist()}


def activation(word):
    """`leakyRelu` is `leaky_relu`; no activation is linear."""
    return re.sub("[A-Z]", lambda letter: "_" + letter[0].lower(), word or "linear")


INITIALIZERS = {
    "glorotUniform": lambda o: I.GlorotUniform(1),
    "glorotNormal": lambda o: I.GlorotNormal(1),
    "heUniform": lambda o: I.HeUniform(1),
    "heNormal": lambda o: I.HeNormal(1),
    "lecunUniform": lambda o: I.LecunUniform(1),
    "lecunNormal": lambda o: I.LecunNormal(1),
    "randomUniform": lambda o: I.RandomUniform(o["min"], o["max"], 1),
    "randomNormal": lambda o: I.RandomNormal(o["mean"], o["stddev"], 1),
    "orthogonal": lambda o: I.Orthogonal(o["gain"], 1),
    "identity": lambda o: I.Identity(o["gain"]),
    "zeros": lambda o: I.Zeros(),
    "ones": lambda o: I.Ones(),
    "constant": lambda o: I.Constant(o["value"]),
}


def initializer(word):
    return INITIALIZERS[word["use"]](word)


def weighted(o, *kernels):
    """Options of layers with weights; `kernels` are what Keras calls their kernels."""
    return {
        "use_bias": o["useBias"],
        "activation": activation(o.get("activation")),
        "bias_initializer": initializer(o["biasInitializer"]),
        **{f"{kernel}_initializer": initializer(o["initializer"]) for kernel in kernels or ["kernel"]},
    }


def moving(o):
    return {"strides": o["strides"], "padding": o["padding"]}


def pooling(o):
    return {"pool_size": o["size"], "strides": o.get("strides"), "padding": o["padding"]}


def recurrent(o):
    return {"recurrent_initializer": initializer(o["recurrentInitializer"]), "return_sequences": o["returnSequences"], **weighted(o)}


# Each word: the layer of Keras, and our names of its trained tensors in Keras' order.
KERNEL = ["kernel", "bias"]
RECURRENT = ["kernel", "recurrentKernel", "bias"]
LAYERS = {
    "dense": (lambda o: L.Dense(o["units"], **weighted(o)), KERNEL),
    "conv1d": (lambda o: L.Conv1D(o["filters"], o["kernelSize"], **moving(o), **weighted(o)), KERNEL),
    "conv2d": (lambda o: L.Conv2D(o["filters"], o["kernelSize"], **moving(o), **weighted(o)), KERNEL),
    "depthwiseConv2d": (
        lambda o: L.DepthwiseConv2D(
            o["kernelSize"], depth_multiplier=o["depthMultiplier"], **moving(o), **weighted(o, "depthwise")
        ),
        ["depthwiseKernel", "bias"],
    ),
    "separableConv2d": (
        lambda o: L.SeparableConv2D(
            o["filters"],
            o["kernelSize"],
            depth_multiplier=o["depthMultiplier"],
            **moving(o),
            **weighted(o, "depthwise", "pointwise"),
        ),
        ["depthwiseKernel", "pointwiseKernel", "bias"],
    ),
    "maxPooling1d": (lambda o: L.MaxPooling1D(**pooling(o)), []),
    "maxPooling2d": (lambda o: L.MaxPooling2D(**pooling(o)), []),
    "averagePooling1d": (lambda o: L.AveragePooling1D(**pooling(o)), []),
    "averagePooling2d": (lambda o: L.AveragePooling2D(**pooling(o)), []),
    "globalAveragePooling1d": (lambda o: L.GlobalAveragePooling1D(), []),
    "globalAveragePooling2d": (lambda o: L.GlobalAveragePooling2D(), []),
    "globalMaxPooling1d": (lambda o: L.GlobalMaxPooling1D(), []),
    "globalMaxPooling2d": (lambda o: L.GlobalMaxPooling2D(), []),
    "flatten": (lambda o: L.Flatten(), []),
    "reshape": (lambda o: L.Reshape(o["shape"]), []),
    "dropout": (lambda o: L.Dropout(o["rate"], seed=1), []),
    "gaussianNoise": (lambda o: L.GaussianNoise(o["stddev"], seed=1), []),
    "batchNormalization": (
        lambda o: L.BatchNormalization(momentum=o["momentum"], epsilon=o["epsilon"]),
        ["gain", "offset"],
    ),
    "layerNormalization": (lambda o: L.LayerNormalization(epsilon=o["epsilon"]), ["gain", "offset"]),
    "embedding": (
        lambda o: L.Embedding(o["inputs"], o["units"], embeddings_initializer=initializer(o["initializer"])),
        ["embeddings"],
    ),
    "simpleRnn": (lambda o: L.SimpleRNN(o["units"], **recurrent(o)), RECURRENT),
    "lstm": (lambda o: L.LSTM(o["units"], **recurrent(o)), RECURRENT),
    "gru": (lambda o: L.GRU(o["units"], **recurrent(o)), RECURRENT),
    "activation": (lambda o: L.Activation(activation(o["activation"])), []),
}
STATE = {"movingMean": "moving_mean", "movingVariance": "moving_variance"}


class Plain:
    """One layer of Keras, with its tensors by our names."""

    def __init__(self, word, shape):
        make, roles = LAYERS[word["use"]]
        self.layer = make(word)
        self.layer.build((None, *shape))
        self.shape = self.layer.compute_output_shape((None, *shape))[1:]
        self.parameters = dict(zip(roles, self.layer.trainable_weights))
        self.state = {role: getattr(self.layer, name) for role, name in STATE.items() if hasattr(self.layer, name)}

    def __call__(self, x, training):
        # Only layers that behave differently while training take the word.
        return self.layer(x, training=training) if self.layer._call_has_training_arg else self.layer(x)


class WeightNormalization:
    """A dense or convolutional layer with kernel gain · v / ‖v‖, for each output."""

    def __init__(self, word, shape):
        inner = Plain({**word["layer"], "activation": "linear"}, shape)
        self.layer, self.shape, self.state = inner.layer, inner.shape, {}
        self.activate = keras.activations.get(activation(word["layer"].get("activation")))
        self.parameters = {"gain": keras.Variable(np.ones(self.shape[-1], "float32")), **inner.parameters}

    def __call__(self, x, training):
        v = self.parameters["kernel"]
        axes = list(range(len(v.shape) - 1))
        kernel = self.parameters["gain"] * v / tf.sqrt(tf.reduce_sum(tf.square(v), axis=axes))
        if isinstance(self.layer, L.Dense):
            y = tf.matmul(x, kernel)
        else:
            y = tf.nn.conv2d(x, kernel, self.layer.strides, self.layer.padding.upper())
        return self.activate(y + self.parameters.get("bias", 0.0))


class Residual:
    """activation(shortcut(x) + layers(x)), with a projection without bias where the shortcut is one."""

    def __init__(self, word, shape):
        self.layers, counts, inside = {}, {}, shape
        for each in word["layers"]:
            counts[each["use"]] = counts.get(each["use"], 0) + 1
            name = each.get("name") or f"{each['use']}_{counts[each['use']]}"
            self.layers[name] = make(each, inside)
            inside = self.layers[name].shape
        self.shape = inside
        self.shortcut = None
        if word["shortcut"] == "projection":
            strides = [-(-a // b) for a, b in zip(shape[:-1], inside[:-1])]
            projections = {
                0: lambda: L.Dense(inside[-1], use_bias=False),
                1: lambda: L.Conv1D(inside[-1], 1, strides[0], use_bias=False),
                2: lambda: L.Conv2D(inside[-1], 1, strides, use_bias=False),
            }
            self.shortcut = projections[len(strides)]()
            self.shortcut.build((None, *shape))
        self.activate = keras.activations.get(activation(word.get("activation")))
        parts = self.layers.items()
        self.parameters = {f"{name}/{role}": v for name, part in parts for role, v in part.parameters.items()}
        self.state = {f"{name}/{role}": v for name, part in parts for role, v in part.state.items()}
        if self.shortcut:
            self.parameters["shortcut/kernel"] = self.shortcut.kernel

    def __call__(self, x, training):
        y = x
        for layer in self.layers.values():
            y = layer(y, training)
        return self.activate(y + (self.shortcut(x) if self.shortcut else x))


def make(word, shape):
    return {"residual": Residual, "weightNormalization": WeightNormalization}.get(word["use"], Plain)(word, shape)


def answer_layer(question):
    x = tf.constant(array(question["input"]))
    layer = make(question["layer"], tuple(x.shape[1:]))
    for name, given in question["parameters"].items():
        layer.parameters[name].assign(array(given))
    for name, given in question["state"].items():
        layer.state[name].assign(array(given))
    names = list(question["parameters"])
    # Before training moves what it uses.
    inference = numbers(layer(x, False))
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(x, True)
        value = tf.reduce_sum(y * array(question["cotangent"]))
    towards_x, *towards = tape.gradient(value, [x] + [layer.parameters[name].value for name in names])
    return {
        "output": numbers(y),
        # Codes have no gradient.
        "inputGradient": numbers(tf.zeros_like(x) if towards_x is None else towards_x),
        **{f"gradient of {name}": numbers(each) for name, each in zip(names, towards)},
        **{f"new {name}": numbers(variable.value) for name, variable in layer.state.items()},
        "inference": inference,
    }


def answer_noise(question):
    """Mean and standard deviation of what a random layer makes of ones, while training and outside."""
    x = tf.ones(question["shape"])
    layer = make(question["layer"], tuple(x.shape[1:]))
    return {
        "training": numbers([np.mean(layer(x, True)), np.std(layer(x, True))]),
        "inference": numbers(layer(x, False)),
    }


def answer_first(question):
    layer = make(question["layer"], tuple(question["shape"]))
    return {name: numbers(variable.value) for name, variable in layer.parameters.items()}


LOSSES = {
    "softmaxCrossEntropy": lambda o: keras.losses.CategoricalCrossentropy(from_logits=True),
    "binaryCrossEntropy": lambda o: keras.losses.BinaryCrossentropy(from_logits=True),
    "categoricalCrossEntropy": lambda o: keras.losses.CategoricalCrossentropy(),
    "meanSquaredError": lambda o: keras.losses.MeanSquaredError(),
    "meanAbsoluteError": lambda o: keras.losses.MeanAbsoluteError(),
    "huber": lambda o: keras.losses.Huber(delta=o["delta"]),
}


def answer_loss(question):
    word = question["loss"]
    outputs = tf.constant(array(question["outputs"]))
    targets = array(question["targets"])
    if question["areClasses"]:
        targets = tf.one_hot(targets.astype("int32"), outputs.shape[1]) if outputs.shape[1] > 1 else targets[:, None]
    weights = array(question["weights"]) if "weights" in question else None
    loss = LOSSES[word["use"]](word)
    with tf.GradientTape() as tape:
        tape.watch(outputs)
        value = word["weight"] * loss(targets, outputs, sample_weight=weights)
    return {"value": numbers(value), "gradient": numbers(tape.gradient(value, outputs))}


ANSWERS = {"layer": answer_layer, "noise": answer_noise, "first": answer_first, "loss": answer_loss}


def answer(question):
    """What went wrong is the answer to its own question only."""
    try:
        return ANSWERS[question["kind"]](question)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


json.dump([answer(question) for question in json.load(sys.stdin)], sys.stdout)
