"""Makes pytorch.json: ten steps of every rule that PyTorch has, over the gradients of optimizers.json, in 32 bits.

Where PyTorch has another convention than Keras, whose ours is, the case says so in `differs` and is set up so that both
mean the same numbers.

pip install torch==2.15.0; python pytorch.py > pytorch.json
"""

import json
import pathlib

import torch
from torch.nn.utils import clip_grad_norm_, clip_grad_value_
from torch.optim.lr_scheduler import OneCycleLR

given = json.loads(pathlib.Path(__file__).with_name("optimizers.json").read_text())
STEPS = len(given["gradients"])

OUTSIDE = "PyTorch adds epsilon outside the root, and we inside; it is so small here that it does not count."
CORRECTED = "PyTorch adds epsilon to the corrected root, and we to the raw one; it is so small here that it does not count."
COUPLED = "weight_decay of PyTorch's SGD and Adam is part of the gradient: our transform l2."
WARMING = "PyTorch's momentum grows by 0.96^(t · momentum_decay) with 0.004, and ours by 0.96^t: momentum_decay is 1."
NORM = "PyTorch adds 1e-6 to the norm."
INSIDE = "PyTorch has the rate outside the velocity, and we inside: it stays the same here, so that both are alike."
CYCLE = (
    "PyTorch reaches the top and the end of the cycle one step earlier, and divides the last rate by both divisors: "
    "the length, the rise and the last divisor are set accordingly."
)
TINY = 1e-12


def plain(**options):
    return lambda groups: torch.optim.SGD(groups, lr=0.1, **options)


def cycled(make, **options):
    """A cycle over all steps whose top is the third one."""
    scheduler = lambda optimizer: OneCycleLR(
        optimizer, total_steps=STEPS, pct_start=3 / STEPS, base_momentum=0.85, max_momentum=0.95, **options
    )
    return make, scheduler


CYCLED = {"use": "oneCycle", "over": STEPS - 1, "rise": 2 / (STEPS - 1), "unit": "steps", "cycleMomentum": True}

# The chain, the optimizer over groups of parameters, what is done to the gradients before, and what differs.
CASES = [
    ([{"use": "sgd", "rate": 0.1}], plain(), None, None),
    ([{"use": "l2", "lambda": 0.3}, {"use": "sgd", "rate": 0.1}], plain(weight_decay=0.3), None, COUPLED),
    ([{"use": "momentum", "rate": 0.1, "momentum": 0.9}], plain(momentum=0.9), None, INSIDE),
    ([{"use": "nesterov", "rate": 0.1, "momentum": 0.8}], plain(momentum=0.8, nesterov=True), None, INSIDE),
    (
        [{"use": "rmsprop", "rate": 0.01, "rho": 0.9, "epsilon": TINY}],
        lambda groups: torch.optim.RMSprop(groups, lr=0.01, alpha=0.9, eps=TINY),
        None,
        OUTSIDE,
    ),
    (
        [{"use": "adagrad", "rate": 0.1, "initialAccumulator": 0.1, "epsilon": TINY}],
        lambda groups: torch.optim.Adagrad(groups, lr=0.1, initial_accumulator_value=0.1, eps=TINY),
        None,
        OUTSIDE,
    ),
    (
        [{"use": "adam", "rate": 0.01, "epsilon": TINY}],
        lambda groups: torch.optim.Adam(groups, lr=0.01, eps=TINY),
        None,
        CORRECTED,
    ),
    (
        [{"use": "l2", "lambda": 0.2}, {"use": "adam", "rate": 0.02, "beta1": 0.8, "beta2": 0.95, "epsilon": TINY}],
        lambda groups: torch.optim.Adam(groups, lr=0.02, betas=(0.8, 0.95), eps=TINY, weight_decay=0.2),
        None,
        CORRECTED + " " + COUPLED,
    ),
    (
        [{"use": "adamw", "rate": 0.02, "decay": 0.3, "epsilon": TINY}],
        lambda groups: torch.optim.AdamW(groups, lr=0.02, eps=TINY, weight_decay=0.3),
        None,
        CORRECTED,
    ),
    (
        [{"use": "nadam", "rate": 0.02, "beta1": 0.8, "beta2": 0.95, "epsilon": 0.01}],
        lambda groups: torch.optim.NAdam(groups, lr=0.02, betas=(0.8, 0.95), eps=0.01, momentum_decay=1),
        None,
        WARMING,
    ),
    (
        [{"use": "clipByValue", "max": 1.5}, {"use": "sgd", "rate": 0.1}],
        plain(),
        lambda parameters: clip_grad_value_(parameters, 1.5),
        None,
    ),
    (
        [{"use": "clipByGlobalNorm", "max": 5}, {"use": "sgd", "rate": 0.1}],
        plain(),
        lambda parameters: clip_grad_norm_(parameters, 5),
        NORM,
    ),
    (
        [{"use": "clipByNorm", "max": 3}, {"use": "sgd", "rate": 0.1}],
        plain(),
        lambda parameters: [clip_grad_norm_([each], 3) for each in parameters],
        NORM + " A call for each tensor.",
    ),
    (
        [{"use": "momentum", "rate": {**CYCLED, "rate": 0.1, "startDivisor": 1, "finalDivisor": 1}}],
        cycled(plain(momentum=0.9), max_lr=0.1, div_factor=1, final_div_factor=1),
        None,
        INSIDE + " " + CYCLE,
    ),
    (
        [{"use": "adam", "epsilon": TINY, "rate": {**CYCLED, "rate": 0.1, "startDivisor": 25, "finalDivisor": 2500}}],
        cycled(lambda groups: torch.optim.Adam(groups, eps=TINY), max_lr=0.1, div_factor=25, final_div_factor=100),
        None,
        CORRECTED + " " + CYCLE,
    ),
]


def numbers(tensor):
    return tensor.detach().reshape(-1).double().tolist()


def tensors(lists):
    return {name: torch.tensor(lists[name], dtype=torch.float32).reshape(shape) for name, shape in given["shapes"].items()}


def run(make, prepare):
    make, schedule = make if isinstance(make, tuple) else (make, None)
    weights = {name: torch.nn.Parameter(value) for name, value in tensors(given["initial"]).items()}
    optimizer = make([{"params": [weights["kernel"]]}, {"params": [weights["bias"]]}])
    # Only kernels decay.
    optimizer.param_groups[1]["weight_decay"] = 0
    scheduler = schedule and schedule(optimizer)
    path = []
    for step, gradients in enumerate(given["gradients"]):
        for name, gradient in tensors(gradients).items():
            weights[name].grad = gradient.clone()
        if prepare:
            prepare(list(weights.values()))
        optimizer.step()
        if scheduler and step < STEPS - 1:
            scheduler.step()
        path.append({name: numbers(value) for name, value in weights.items()})
    return path


cases = [
    {"chain": chain, "path": run(make, prepare), **({"differs": differs} if differs else {})}
    for chain, make, prepare, differs in CASES
]
same = {key: given[key] for key in ("shapes", "initial", "gradients")}
print(json.dumps({"madeBy": f"PyTorch {torch.__version__.split('+')[0]}, pytorch.py", **same, "cases": cases}))
