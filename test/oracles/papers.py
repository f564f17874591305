"""The rules of papers that neither Keras nor optax has, in double precision, for optimizers.py.

A transform takes gradients and gives gradients, an optimizer gives updates; both keep their state themselves. Tensors
are dictionaries with `kernel` and `bias`; the number of the step counts from 0.
"""

import numpy as np


def together(gradients):
    return np.sqrt(sum(np.sum(g**2) for g in gradients.values()))


def scaled(gradients, factor):
    return {name: g * factor for name, g in gradients.items()}


class AutoClip:
    """Seetharaman et al., 2020, github.com/pseeth/autoclip."""

    def __init__(self, percentile):
        self.percentile, self.norms = percentile, []

    def __call__(self, step, gradients, weights):
        norm = together(gradients)
        self.norms.append(norm)
        return scaled(gradients, min(1, np.percentile(self.norms, self.percentile) / norm))


class ZClip:
    """Kumar et al., 2025, github.com/bluorion-com/ZClip, mode zscore with adaptive scaling."""

    def __init__(self, deviations, alpha, warmup, largest=np.inf):
        self.deviations, self.alpha, self.warmup, self.largest = deviations, alpha, warmup, largest
        self.buffer, self.mean, self.variance = [], None, None

    def __call__(self, step, gradients, weights):
        norm = together(gradients)
        limit = norm
        if self.mean is None:
            self.buffer.append(norm)
            if len(self.buffer) == self.warmup:
                self.mean, self.variance = np.mean(self.buffer), np.var(self.buffer)
        else:
            deviation = np.sqrt(self.variance)
            z = (norm - self.mean) / (deviation + 1e-6)
            if z > self.deviations:
                limit = self.mean + self.deviations * deviation / (z / self.deviations)
            self.mean = self.alpha * self.mean + (1 - self.alpha) * limit
            self.variance = self.alpha * self.variance + (1 - self.alpha) * (limit - self.mean) ** 2
        return scaled(gradients, min(1, min(limit, self.largest) / norm))


class AdaGc:
    """Wang et al., 2025, algorithm 1."""

    def __init__(self, absolute, relative, beta, warmup):
        self.absolute, self.relative, self.beta, self.warmup = absolute, relative, beta, warmup
        self.usual = {}

    def __call__(self, step, gradients, weights):
        factor = min(1, self.absolute / together(gradients))
        clipped = {}
        for name, g in gradients.items():
            usual = self.usual.get(name, np.inf)
            own = factor if step < self.warmup else min(1, self.relative * usual / np.linalg.norm(g))
            clipped[name] = own * g
            length = np.linalg.norm(clipped[name])
            moved = self.beta * usual + (1 - self.beta) * length
            self.usual[name] = min(usual, length) if step < self.warmup else moved
        return clipped


class StableAdamw:
    """Wortsman et al., 2023, algorithm 2; only the kernel decays."""

    def __init__(self, rate, beta1, beta2, epsilon, decay):
        self.rate, self.beta1, self.beta2, self.epsilon, self.decay = rate, beta1, beta2, epsilon, decay
        self.v, self.u = {}, {}

    def __call__(self, step, gradients, weights):
        t, updates = step + 1, {}
        beta1 = self.beta1 * (1 - self.beta1 ** (t - 1)) / (1 - self.beta1**t)
        beta2 = self.beta2 * (1 - self.beta2 ** (t - 1)) / (1 - self.beta2**t)
        for name, g in gradients.items():
            v = self.v[name] = beta1 * self.v.get(name, 0) + (1 - beta1) * g
            u = self.u[name] = beta2 * self.u.get(name, 0) + (1 - beta2) * g**2
            rms = np.sqrt(np.mean(g**2 / np.maximum(u, self.epsilon**2)))
            rate = self.rate / max(1, rms)
            decay = self.decay * weights[name] if name == "kernel" else 0
            updates[name] = -rate * decay - rate * v / (np.sqrt(u) + self.epsilon)
        return updates


class Spam:
    """Huang et al., 2025, github.com/TianjinYellow/SPAM-Optimizer with full density; only the kernel decays."""

    def __init__(self, rate, beta1, beta2, epsilon, theta, reset, warmup, spared, decay=0):
        self.rate, self.beta1, self.beta2, self.epsilon, self.decay = rate, beta1, beta2, epsilon, decay
        self.theta, self.reset, self.warmup, self.spared = theta, reset, warmup, spared
        self.m, self.v, self.rising = {}, {}, None

    def __call__(self, step, gradients, weights):
        t, updates = step + 1, {}
        if t % self.reset == 0:
            self.m, self.v, self.rising = {}, {}, 0
        death = 0
        if self.rising is not None and self.rising < self.warmup:
            death = 0.99 * (1 + np.cos(np.pi * (self.rising + 1) / (self.warmup + 1))) / 2
        for name, g in gradients.items():
            v = self.v.get(name, np.zeros_like(g))
            if t % self.reset >= self.spared:
                g = np.where(g**2 > self.theta * v, np.sign(g) * np.sqrt(self.theta * v), g)
            m = self.m[name] = self.beta1 * self.m.get(name, 0) + (1 - self.beta1) * g
            v = self.v[name] = self.beta2 * v + (1 - self.beta2) * g**2
            rate = self.rate * np.sqrt(1 - self.beta2**t) / (1 - self.beta1**t) * (1 - death)
            decay = self.rate * self.decay * weights[name] if name == "kernel" else 0
            updates[name] = -rate * m / (np.sqrt(v) + self.epsilon) - decay
        if self.rising is not None:
            self.rising += 1
        return updates
