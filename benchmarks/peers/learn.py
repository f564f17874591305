"""Trains the reference CNN on MNIST with Keras or PyTorch and says how well it does after each epoch.

learn.py FRAMEWORK FOLDER EPOCHS SEED THREADS: FOLDER holds the four files of MNIST.
Prints one line with the accuracy on the test part as soon as an epoch is over.
"""

import os
import sys

framework, folder = sys.argv[1], sys.argv[2]
epochs, seed, THREADS = (int(text) for text in sys.argv[3:6])
BATCH = 128
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"


FILES = {"train": "train", "test": "t10k"}


def read(part, kind, header):
    with open(os.path.join(folder, f"{FILES[part]}-{kind}-ubyte"), "rb") as file:
        return bytearray(file.read()[header:])


def images_of(part):
    return read(part, "images-idx3", 16)


def labels_of(part):
    return read(part, "labels-idx1", 8)


def with_keras():
    import keras
    import numpy
    import tensorflow

    tensorflow.config.threading.set_intra_op_parallelism_threads(THREADS)
    keras.utils.set_random_seed(seed)

    def part(name):
        images = numpy.frombuffer(images_of(name), "uint8").reshape(-1, 28, 28, 1)
        return images.astype("float32") / 255, numpy.frombuffer(labels_of(name), "uint8")

    layers = keras.layers
    model = keras.Sequential(
        [
            layers.Input((28, 28, 1)), layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2),
            layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dropout(0.5), layers.Dense(10),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-3), loss, metrics=["accuracy"])
    tell = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda _, logs: print(logs["val_accuracy"], flush=True)
    )
    model.fit(*part("train"), batch_size=BATCH, epochs=epochs, verbose=0, validation_data=part("test"), callbacks=[tell])


def with_pytorch():
    import torch
    from torch import nn

    torch.set_num_threads(THREADS)
    torch.manual_seed(seed)

    def part(name):
        images = torch.frombuffer(images_of(name), dtype=torch.uint8).reshape(-1, 1, 28, 28)
        return images.float() / 255, torch.frombuffer(labels_of(name), dtype=torch.uint8).long()

    model = nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(13 * 13 * 32, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10),
    )
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, fused=True)
    loss = nn.CrossEntropyLoss()
    x, y = part("train")
    test_x, test_y = part("test")
    for _ in range(epochs):
        model.train()
        for at in torch.randperm(len(x)).split(BATCH):
            optimizer.zero_grad()
            loss(model(x[at]), y[at]).backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            right = sum((model(a).argmax(1) == b).sum().item() for a, b in zip(test_x.split(1000), test_y.split(1000)))
        print(right / len(test_y), flush=True)


with_pytorch() if framework == "pytorch" else with_keras()
