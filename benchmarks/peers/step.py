"""Milliseconds of one training step of a network in Keras, TensorFlow or PyTorch, on random data of the right shape.

step.py FRAMEWORK NETWORK BATCH SECONDS THREADS: FRAMEWORK is keras (`fit`), tensorflow (`tf.function` with the norm of
every gradient) or pytorch (with the norm of every gradient and fused Adam). A mean over all steps, as everybody's is.
Prints one JSON object.
"""

import json
import os
import sys
import time

framework, network, batch, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
THREADS = int(sys.argv[5])
WARM_UP = 10
LEAST_STEPS = 20
# What a fit does before and after its epoch counts as it does for users: an epoch must not be too short.
EPOCH_SAMPLES = 54_000
EPOCH_TURNS = 3
SHAPES = {"cnn": (28, 28, 1), "mlp": (784,), "resnet": (32, 32, 3), "gru": (28, 28)}
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"


def measure(step):
    """The mean of steps that take about so many seconds together."""
    for _ in range(WARM_UP):
        step()
    steps = 0
    started = time.perf_counter()
    while steps < LEAST_STEPS or time.perf_counter() < started + seconds:
        step()
        steps += 1
    return 1000 * (time.perf_counter() - started) / steps


def keras_model(keras):
    layers = keras.layers

    def residual(x):
        y = layers.Conv2D(16, 3, padding="same", use_bias=False)(x)
        y = layers.ReLU()(layers.BatchNormalization()(y))
        y = layers.Conv2D(16, 3, padding="same", use_bias=False)(y)
        return layers.ReLU()(layers.Add()([x, layers.BatchNormalization()(y)]))

    start = layers.Input(SHAPES[network])
    if network == "cnn":
        x = layers.MaxPooling2D(2)(layers.Conv2D(32, 3, activation="relu")(start))
        x = layers.Dense(128, activation="relu")(layers.Flatten()(x))
        x = layers.Dropout(0.5)(x)
    elif network == "mlp":
        x = layers.Dense(512, activation="relu")(layers.Dense(512, activation="relu")(start))
    elif network == "resnet":
        x = layers.Conv2D(16, 3, padding="same", use_bias=False)(start)
        x = layers.ReLU()(layers.BatchNormalization()(x))
        for _ in range(3):
            x = residual(x)
        x = layers.GlobalAveragePooling2D()(x)
    else:
        x = layers.GRU(64, reset_after=False)(start)
    return keras.Model(start, layers.Dense(10)(x))


def with_tensorflow():
    import keras
    import numpy
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(THREADS)
    random = numpy.random.default_rng(1)
    model = keras_model(keras)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = keras.optimizers.Adam(1e-3)

    if framework == "keras":
        model.compile(optimizer, loss, metrics=["accuracy"])

        def fit(steps):
            x = random.random((batch * steps, *SHAPES[network]), dtype="float32")
            y = random.integers(0, 10, batch * steps)
            started = time.perf_counter()
            model.fit(x, y, batch_size=batch, epochs=1, verbose=0)
            return 1000 * (time.perf_counter() - started) / steps

        fit(WARM_UP)
        first = fit(LEAST_STEPS)
        return fit(max(LEAST_STEPS, min(EPOCH_SAMPLES // batch, int(1000 * EPOCH_TURNS * seconds / first))))

    x = random.random((batch * 8, *SHAPES[network]), dtype="float32")
    y = random.integers(0, 10, batch * 8)

    @tf.function
    def step(features, labels):
        with tf.GradientTape() as tape:
            value = loss(labels, model(features, training=True))
        gradients = tape.gradient(value, model.trainable_variables)
        norms = tf.stack([tf.norm(gradient) for gradient in gradients])
        optimizer.apply(gradients, model.trainable_variables)
        return value, norms

    place = 0

    def once():
        nonlocal place
        at = place % 8 * batch
        place += 1
        value, norms = step(tf.constant(x[at : at + batch]), tf.constant(y[at : at + batch]))
        value.numpy(), norms.numpy()

    return measure(once)


def with_pytorch():
    import torch
    from torch import nn

    torch.set_num_threads(THREADS)
    torch.manual_seed(1)

    class Residual(nn.Module):
        def __init__(self):
            super().__init__()
            self.branch = nn.Sequential(
                nn.Conv2d(16, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
                nn.Conv2d(16, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16),
            )

        def forward(self, x):
            return torch.relu(x + self.branch(x))

    class Recurrent(nn.Module):
        def __init__(self):
            super().__init__()
            self.gru = nn.GRU(28, 64, batch_first=True)
            self.output = nn.Linear(64, 10)

        def forward(self, x):
            return self.output(self.gru(x)[0][:, -1])

    models = {
        "cnn": lambda: nn.Sequential(
            nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
            nn.Linear(13 * 13 * 32, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10),
        ),
        "mlp": lambda: nn.Sequential(
            nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10)
        ),
        "resnet": lambda: nn.Sequential(
            nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
            Residual(), Residual(), Residual(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 10),
        ),
        "gru": Recurrent,
    }
    shape = SHAPES[network] if network in ("mlp", "gru") else (SHAPES[network][2], *SHAPES[network][:2])
    model = models[network]()
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, fused=True)
    loss = nn.CrossEntropyLoss()
    x = torch.rand(batch * 8, *shape)
    y = torch.randint(0, 10, (batch * 8,))
    place = 0

    def once():
        nonlocal place
        at = place % 8 * batch
        place += 1
        optimizer.zero_grad()
        value = loss(model(x[at : at + batch]), y[at : at + batch])
        value.backward()
        norms = torch.stack(torch._foreach_norm([each.grad for each in model.parameters()]))
        optimizer.step()
        value.item(), norms.tolist()

    return measure(once)


print(json.dumps({"milliseconds": with_pytorch() if framework == "pytorch" else with_tensorflow()}))
