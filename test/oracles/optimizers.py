"""Makes optimizers.json: ten steps of every optimizer and clip, computed by Keras 3 on TensorFlow.

pip install keras==3.15.1 tensorflow-cpu==2.21.0; python optimizers.py > optimizers.json
"""

import json
import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np

STEPS = 10
random = np.random.RandomState(7)
initial = {"kernel": random.randn(3, 2), "bias": random.randn(2)}
gradients = [
    {"kernel": 2 * random.randn(3, 2), "bias": 2 * random.randn(2)} for _ in range(STEPS)
]

CASES = [
    ({"use": "sgd", "rate": 0.1}, lambda: keras.optimizers.SGD(0.1)),
    ({"use": "sgd", "rate": 0.1, "decay": 0.05}, lambda: keras.optimizers.SGD(0.1, weight_decay=0.05)),
    ({"use": "momentum", "rate": 0.1, "momentum": 0.9}, lambda: keras.optimizers.SGD(0.1, momentum=0.9)),
    (
        {"use": "momentum", "rate": 0.1, "momentum": 0.8, "decay": 0.02},
        lambda: keras.optimizers.SGD(0.1, momentum=0.8, weight_decay=0.02),
    ),
    (
        {"use": "nesterov", "rate": 0.1, "momentum": 0.9},
        lambda: keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True),
    ),
    (
        {"use": "nesterov", "rate": 0.05, "momentum": 0.7, "decay": 0.1},
        lambda: keras.optimizers.SGD(0.05, momentum=0.7, nesterov=True, weight_decay=0.1),
    ),
    ({"use": "rmsprop", "rate": 0.01}, lambda: keras.optimizers.RMSprop(0.01)),
    (
        {"use": "rmsprop", "rate": 0.01, "rho": 0.8, "epsilon": 0.1, "decay": 0.1},
        lambda: keras.optimizers.RMSprop(0.01, rho=0.8, epsilon=0.1, weight_decay=0.1),
    ),
    ({"use": "adam", "rate": 0.01}, lambda: keras.optimizers.Adam(0.01)),
    (
        {"use": "adam", "rate": 0.02, "beta1": 0.8, "beta2": 0.95, "epsilon": 0.01, "decay": 0.1},
        lambda: keras.optimizers.Adam(0.02, beta_1=0.8, beta_2=0.95, epsilon=0.01, weight_decay=0.1),
    ),
    ({"use": "adamw", "rate": 0.01}, lambda: keras.optimizers.AdamW(0.01)),
    (
        {"use": "adamw", "rate": 0.02, "decay": 0.3},
        lambda: keras.optimizers.AdamW(0.02, weight_decay=0.3),
    ),
    (
        {"use": "adam", "rate": {"use": "cosine", "rate": 0.1, "over": 8, "final": 0.01, "unit": "steps"}},
        # alpha is the final rate as a share of the first.
        lambda: keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.1, 8, alpha=0.1)),
    ),
]
# Plain descent with rate 1 shows what a clip lets through.
CLIPS = [
    ({"use": "clipByValue", "max": 1.5}, lambda: keras.optimizers.SGD(1.0, clipvalue=1.5)),
    ({"use": "clipByNorm", "max": 3}, lambda: keras.optimizers.SGD(1.0, clipnorm=3.0)),
    ({"use": "clipByGlobalNorm", "max": 5}, lambda: keras.optimizers.SGD(1.0, global_clipnorm=5.0)),
]


def numbers(array):
    return np.asarray(array, dtype=np.float32).reshape(-1).astype(float).tolist()


def run(make):
    variables = {name: keras.Variable(value.astype("float32"), name=name) for name, value in initial.items()}
    optimizer = make()
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    optimizer.build(list(variables.values()))
    path = []
    for gradient in gradients:
        tensors = [keras.ops.convert_to_tensor(gradient[name].astype("float32")) for name in variables]
        optimizer.apply(tensors, list(variables.values()))
        path.append({name: numbers(variable.numpy()) for name, variable in variables.items()})
    return path


cases = [{"chain": [step], "path": run(make)} for step, make in CASES]
cases += [{"chain": [step, {"use": "sgd", "rate": 1}], "path": run(make)} for step, make in CLIPS]
print(
    json.dumps(
        {
            "madeBy": f"Keras {keras.__version__}, optimizers.py",
            "shapes": {name: list(value.shape) for name, value in initial.items()},
            "initial": {name: numbers(value) for name, value in initial.items()},
            "gradients": [{name: numbers(value) for name, value in step.items()} for step in gradients],
            "cases": cases,
        }
    )
)
