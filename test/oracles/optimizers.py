"""Makes optimizers.json: ten steps of every optimizer and transform.

Keras 3 on TensorFlow computes what it has and optax the rest of what both know, in 32 bits; papers.py has what neither
does, in double precision.

pip install keras==3.15.0 tensorflow-cpu==2.21.0 optax==0.2.8; python optimizers.py > optimizers.json
"""

import json
import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import jax.numpy as jnp
import keras
import numpy as np
import optax

from papers import AdaGc, AutoClip, Spam, StableAdamw, ZClip

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
    ({"use": "adagrad", "rate": 0.1}, lambda: keras.optimizers.Adagrad(0.1)),
    (
        {"use": "adagrad", "rate": 0.2, "initialAccumulator": 0.5, "epsilon": 0.01, "decay": 0.1},
        lambda: keras.optimizers.Adagrad(0.2, initial_accumulator_value=0.5, epsilon=0.01, weight_decay=0.1),
    ),
    ({"use": "nadam", "rate": 0.01}, lambda: keras.optimizers.Nadam(0.01)),
    (
        {"use": "nadam", "rate": 0.02, "beta1": 0.8, "beta2": 0.95, "epsilon": 0.01, "decay": 0.1},
        lambda: keras.optimizers.Nadam(0.02, beta_1=0.8, beta_2=0.95, epsilon=0.01, weight_decay=0.1),
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

WEIGHTS = {"kernel": True, "bias": False}


def lamb(rate, b1, b2, eps, decay):
    return optax.chain(
        optax.scale_by_adam(b1, b2, eps),
        optax.add_decayed_weights(decay, WEIGHTS),
        optax.masked(optax.scale_by_trust_ratio(), WEIGHTS),
        optax.scale(-rate),
    )


def lars(rate, trust, momentum, decay=0.0):
    """The decay is apart from the gradient, as that of every optimizer here."""
    pulled = optax.chain(optax.add_decayed_weights(decay, WEIGHTS), optax.scale(-rate))
    steps = optax.lars(rate, 0, trust_coefficient=trust, momentum=momentum, trust_ratio_mask=WEIGHTS)

    def update(gradients, state, weights):
        zeros = {name: jnp.zeros_like(g) for name, g in gradients.items()}
        moved, state = steps.update(gradients, state, weights)
        decayed, _ = pulled.update(zeros, pulled.init(weights), weights)
        return optax.apply_updates(moved, decayed), state

    return optax.GradientTransformation(steps.init, update)


def centralize(gradients, _):
    """optax has the outputs of a kernel in front, and takes the mean of a vector off too, which is no weight."""
    turned, _ = optax.centralize().update({"kernel": gradients["kernel"].T}, optax.EmptyState())
    return {**gradients, "kernel": turned["kernel"].T}


OPTAX = [
    ([{"use": "lamb", "rate": 0.05}], lambda: lamb(0.05, 0.9, 0.999, 1e-6, 0)),
    (
        [{"use": "lamb", "rate": 0.05, "beta1": 0.8, "beta2": 0.95, "epsilon": 0.01, "decay": 0.2}],
        lambda: lamb(0.05, 0.8, 0.95, 0.01, 0.2),
    ),
    ([{"use": "lars", "rate": 0.5}], lambda: lars(0.5, 1e-3, 0.9)),
    (
        [{"use": "lars", "rate": 0.3, "momentum": 0.8, "trust": 0.2, "decay": 0.1}],
        lambda: lars(0.3, 0.2, 0.8, 0.1),
    ),
    (
        [{"use": "adaptiveClip", "ratio": 0.3, "epsilon": 0.5}, {"use": "sgd", "rate": 0.1}],
        lambda: optax.chain(optax.adaptive_grad_clip(0.3, 0.5), optax.sgd(0.1)),
    ),
    (
        [{"use": "centralize"}, {"use": "sgd", "rate": 0.1}],
        lambda: optax.chain(optax.stateless(centralize), optax.sgd(0.1)),
    ),
    (
        [{"use": "l2", "lambda": 0.3}, {"use": "sgd", "rate": 0.1}],
        lambda: optax.chain(optax.add_decayed_weights(0.3, WEIGHTS), optax.sgd(0.1)),
    ),
    (
        [{"use": "l2", "lambda": 0.3}, {"use": "clipByGlobalNorm", "max": 3}, {"use": "momentum", "rate": 0.1}],
        lambda: optax.chain(
            optax.add_decayed_weights(0.3, WEIGHTS), optax.clip_by_global_norm(3), optax.sgd(0.1, momentum=0.9)
        ),
    ),
]

SPAM = {"theta": 1.5, "reset": 4, "warmup": 2, "spared": 2}
# What comes before plain descent is a transform.
PAPERS = [
    ([{"use": "autoClip", "percentile": 30}], lambda: AutoClip(30)),
    ([{"use": "autoClip"}], lambda: AutoClip(10)),
    ([{"use": "zClip", "deviations": 0.5, "alpha": 0.9, "warmup": 3}], lambda: ZClip(0.5, 0.9, 3)),
    (
        [{"use": "zClip", "deviations": 1, "alpha": 0.7, "warmup": 2, "max": 5}],
        lambda: ZClip(1, 0.7, 2, 5),
    ),
    (
        [{"use": "adaGc", "absolute": 4, "relative": 1.2, "beta": 0.8, "warmup": 4}],
        lambda: AdaGc(4, 1.2, 0.8, 4),
    ),
    ([{"use": "stableAdamw", "rate": 0.01}], lambda: StableAdamw(0.01, 0.9, 0.99, 1e-8, 0.01)),
    (
        [{"use": "stableAdamw", "rate": 0.02, "beta1": 0.8, "beta2": 0.5, "epsilon": 0.9, "decay": 0.3}],
        lambda: StableAdamw(0.02, 0.8, 0.5, 0.9, 0.3),
    ),
    ([{"use": "spam", "rate": 0.01}], lambda: Spam(0.01, 0.9, 0.999, 1e-6, 5000, 500, 150, 20)),
    (
        [{"use": "spam", "rate": 0.02, "decay": 0.1, **SPAM}],
        lambda: Spam(0.02, 0.9, 0.999, 1e-6, **SPAM, decay=0.1),
    ),
]
DESCENT = {"use": "sgd", "rate": 0.1}


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


def run_optax(make):
    transform = make()
    cast = lambda tensors: {name: jnp.asarray(value, jnp.float32) for name, value in tensors.items()}
    weights = cast(initial)
    state = transform.init(weights)
    path = []
    for gradient in gradients:
        updates, state = transform.update(cast(gradient), state, weights)
        weights = optax.apply_updates(weights, updates)
        path.append({name: numbers(weights[name]) for name in initial})
    return path


def run_paper(make, is_transform):
    rule = make()
    # What the test starts from has been through 32 bits.
    cast = lambda tensors: {name: value.astype("float32").astype(float) for name, value in tensors.items()}
    weights = cast(initial)
    path = []
    for step, gradient in enumerate(gradients):
        given = rule(step, cast(gradient), weights)
        factor = -DESCENT["rate"] if is_transform else 1
        weights = {name: value + factor * given[name] for name, value in weights.items()}
        path.append({name: numbers(weights[name]) for name in initial})
    return path


cases = [{"chain": [step], "path": run(make)} for step, make in CASES]
cases += [{"chain": [step, {"use": "sgd", "rate": 1}], "path": run(make)} for step, make in CLIPS]
cases += [{"chain": chain, "path": run_optax(make)} for chain, make in OPTAX]
for chain, make in PAPERS:
    is_transform = "rate" not in chain[0]
    cases.append({"chain": chain + [DESCENT] * is_transform, "path": run_paper(make, is_transform)})
print(
    json.dumps(
        {
            "madeBy": f"Keras {keras.__version__}, optax {optax.__version__}, optimizers.py",
            "shapes": {name: list(value.shape) for name, value in initial.items()},
            "initial": {name: numbers(value) for name, value in initial.items()},
            "gradients": [{name: numbers(value) for name, value in step.items()} for step in gradients],
            "cases": cases,
        }
    )
)
