"""Makes preparation.json: resized and standardized samples, and metrics of classes and of numbers, computed by Keras 3
on TensorFlow.

pip install keras==3.15.0 tensorflow-cpu==2.21.0; python preparation.py > preparation.json
"""

import json
import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
import tensorflow as tf

random = np.random.RandomState(5)


def tensor(array):
    array = np.asarray(array)
    return {"shape": list(array.shape), "values": array.reshape(-1).astype(float).tolist()}


def resize_case(shape, height, width):
    images = random.uniform(0, 255, shape).astype("float32")
    return {
        "images": tensor(images),
        "height": height,
        "width": width,
        "resized": tensor(tf.image.resize(images, [height, width], method="bilinear", antialias=False)),
    }


def standardize_case(shape, mean, deviation):
    """`Normalization` keeps the variance of the population, along the last axis."""
    samples = (mean + deviation * random.randn(*shape)).astype("float32")
    layer = keras.layers.Normalization(axis=-1)
    layer.adapt(samples)
    return {
        "samples": tensor(samples),
        "mean": np.asarray(layer.mean).reshape(-1).astype(float).tolist(),
        "variance": np.asarray(layer.variance).reshape(-1).astype(float).tolist(),
        "standardized": tensor(layer(samples)),
    }


def classes_case(samples, classes):
    outputs = random.randn(samples, classes).astype("float32")
    labels = random.randint(0, classes, samples)
    # The last class has no samples and is never the largest.
    labels[labels == classes - 1] = 0
    outputs[:, -1] = -9
    wanted = np.eye(classes, dtype="float32")[labels]
    guessed = np.eye(classes, dtype="float32")[outputs.argmax(1)]

    def value(metric, *arguments):
        metric.update_state(*arguments)
        return float(metric.result())

    return {
        "outputs": tensor(outputs),
        "labels": labels.tolist(),
        "accuracy": value(keras.metrics.SparseCategoricalAccuracy(), labels, outputs),
        "top5": value(keras.metrics.SparseTopKCategoricalAccuracy(k=5), labels, outputs),
        "precision": [value(keras.metrics.Precision(class_id=c, thresholds=0.5), wanted, guessed) for c in range(classes)],
        "recall": [value(keras.metrics.Recall(class_id=c, thresholds=0.5), wanted, guessed) for c in range(classes)],
        "f1": f1_of(wanted, guessed),
    }


def f1_of(wanted, guessed):
    metric = keras.metrics.F1Score(threshold=0.5)
    metric.update_state(wanted, guessed)
    return np.asarray(metric.result()).astype(float).tolist()


def numbers_case(samples, size):
    targets = (3 + 2 * random.randn(samples, size)).astype("float32")
    outputs = (targets + random.randn(samples, size)).astype("float32")
    r2 = keras.metrics.R2Score(class_aggregation="uniform_average")
    r2.update_state(targets, outputs)
    mae = keras.metrics.MeanAbsoluteError()
    mae.update_state(targets, outputs)
    return {
        "targets": tensor(targets),
        "outputs": tensor(outputs),
        "mae": float(mae.result()),
        "r2": float(r2.result()),
    }


print(
    json.dumps(
        {
            "resize": [
                resize_case((2, 7, 5, 3), 4, 9),
                resize_case((1, 8, 8, 1), 4, 4),
                resize_case((1, 3, 4, 2), 11, 6),
            ],
            "standardize": [
                standardize_case((40, 3), np.array([0, 5, -20]), np.array([1, 0.1, 30])),
                standardize_case((6, 4, 4, 2), np.array([100, 3]), np.array([20, 1])),
                standardize_case((9, 5, 2), np.array([1, -1]), np.array([1, 2])),
            ],
            "classes": [classes_case(60, 8)],
            "numbers": [numbers_case(50, 1), numbers_case(50, 3)],
        }
    )
)
