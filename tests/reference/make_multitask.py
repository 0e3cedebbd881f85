"""Weightings of several tasks' losses on a small network: losses, weights, gradients, parameters.

Three tasks share two layers, `first` [5, 4] and `last` [5, 5], and have a head each; their
cross-entropies are on different scales. All cases begin with the same parameters, `toy.start.<name>`,
and see the same batches, `toy.x<task>.<step>` and `toy.y<task>.<step>`. A case has `.loss.<step>`, the
weights it used as `.weights.<step>`, the gradients of its first step as `.grad.<name>` and all
parameters after its last as `.after.<name>`. Every step is one of SGD.

The formulas are written anew from the papers, with autograd's own derivatives of what they minimise:
Kendall, Gal & Cipolla 2018, section 3.2; Liu, Johns & Davison 2019, section 3.3; Chen et al. 2018, algorithm 1;
Yu et al. 2020, algorithm 1.
"""

import torch
from torch.nn.functional import cross_entropy

from common import Room

room = Room("multitask")
INPUTS, HIDDEN, BATCH, STEPS = 4, 5, 6, 7
CLASSES, SCALES = [3, 2, 4], [1.0, 10.0, 0.3]
RATE, WEIGHTING_RATE = 0.05, 0.025
SHAPES = {"first": (HIDDEN, INPUTS), "last": (HIDDEN, HIDDEN)} | {
    f"head{k}": (count, HIDDEN) for k, count in enumerate(CLASSES)
}
SHARED = ["first", "last"]

start = {}
for name, shape in SHAPES.items():
    start[name] = room.normal(*shape, scale=0.5)
    room.put(f"toy.start.{name}", start[name])
batches = []
for step in range(STEPS):
    batches.append([])
    for k, count in enumerate(CLASSES):
        x, y = room.normal(BATCH, INPUTS), room.integers(count, BATCH)
        room.put(f"toy.x{k}.{step}", x)
        room.put(f"toy.y{k}.{step}", y)
        batches[step].append((x.double(), y.long()))


def losses_of(p, step, tasks, scales):
    found = []
    for k in tasks:
        x, y = batches[step][k]
        hidden = torch.tanh(torch.tanh(x @ p["first"].T) @ p["last"].T)
        found.append(scales[k] * cross_entropy(hidden @ p[f"head{k}"].T, y))
    return torch.stack(found)


def case(name, op, options, make, tasks=(0, 1, 2), scales=SCALES, weighting_rate=WEIGHTING_RATE):
    """`make(count)` gives what the weighting trains, and a function of (losses, parameters, step) that
    sets all gradients and returns the weights used."""
    p = {key: value.double().requires_grad_() for key, value in start.items()}
    own, weigh = make(len(tasks))
    more = {}
    for step in range(STEPS):
        losses = losses_of(p, step, tasks, scales)
        for tensor in [*p.values(), *own.values()]:
            tensor.grad = None
        value, weights, extra = weigh(losses, p, step)
        more |= extra
        room.put(f"{name}.loss.{step}", value.reshape(1))
        room.put(f"{name}.weights.{step}", weights)
        if step == 0:
            for key, tensor in {**p, **own}.items():
                if tensor.grad is not None:
                    room.put(f"{name}.grad.{key}", tensor.grad)
        with torch.no_grad():
            for tensor in p.values():
                if tensor.grad is not None:
                    tensor -= RATE * tensor.grad
            for tensor in own.values():
                tensor -= weighting_rate * tensor.grad
    for key, tensor in {**p, **own}.items():
        room.put(f"{name}.after.{key}", tensor)
    room.cases.append({
        "id": name, "op": op, "options": options, "tasks": list(tasks), "steps": STEPS,
        "scales": [scales[k] for k in tasks], "rate": RATE, "weightingRate": weighting_rate,
        "own": list(own), **more,
    })
    return own


def fixed(weights):
    def make(count):
        w = torch.tensor(weights[:count], dtype=torch.float64)

        def weigh(losses, p, step):
            total = (w * losses).sum()
            total.backward()
            return total, w, {}
        return {}, weigh
    return make


def uncertainty(count):
    s = torch.zeros(count, dtype=torch.float64, requires_grad=True)

    def weigh(losses, p, step):
        sigma = torch.exp(s / 2)
        total = (losses / sigma**2 + torch.log(sigma)).sum()
        total.backward()
        return total, torch.exp(-s), {}
    return {"logVariances": s}, weigh


def dwa(length, temperature):
    def make(count):
        history, epochs = [], []

        def weigh(losses, p, step):
            w = torch.ones(count, dtype=torch.float64) if len(epochs) < 2 else epochs[-1] / epochs[-2]
            weights = count * torch.softmax(w / temperature, 0)
            total = (weights * losses).sum()
            total.backward()
            history.append(losses.detach())
            if len(history) == length:
                epochs.append(torch.stack(history).mean(0))
                history.clear()
            return total, weights, {}
        return {}, weigh
    return make


def gradnorm(alpha):
    def make(count):
        w = torch.ones(count, dtype=torch.float64, requires_grad=True)
        first = []

        def weigh(losses, p, step):
            with torch.no_grad():
                w.mul_(count / w.sum())
            if not first:
                first.append(losses.detach())
            norms = torch.stack([
                torch.autograd.grad(w[i] * losses[i], p["last"], create_graph=True)[0].norm()
                for i in range(count)
            ])
            ratios = losses.detach() / first[0]
            target = (norms.mean() * (ratios / ratios.mean()) ** alpha).detach()
            own = torch.autograd.grad((norms - target).abs().sum(), w, retain_graph=True)[0]
            used = w.detach().clone()
            total = (used * losses).sum()
            total.backward()
            w.grad = own
            return total, used, {}
        return {"taskWeights": w}, weigh
    return make


def flat(gradients):
    return torch.cat([g.reshape(-1) for g in gradients])


def project(gradients, orders):
    projected = []
    for i, g in enumerate(gradients):
        g = g.clone()
        for j in orders[i]:
            product = g @ gradients[j]
            if product < 0:
                g -= product / (gradients[j] @ gradients[j]) * gradients[j]
        projected.append(g)
    return projected


def pcgrad(count):
    assert count == 2, "with more the order matters, which each side draws for itself"
    conflicts = []

    def weigh(losses, p, step):
        shared = [p[name] for name in SHARED]
        gradients = [flat(torch.autograd.grad(loss, shared, retain_graph=True)) for loss in losses]
        conflicts.append(bool(gradients[0] @ gradients[1] < 0))
        losses.sum().backward()
        total, at = sum(project(gradients, [[1], [0]])), 0
        for parameter in shared:
            parameter.grad = total[at : at + parameter.numel()].reshape(parameter.shape)
            at += parameter.numel()
        return losses.sum(), torch.ones(count), {"conflicts": sum(conflicts)}
    return {}, weigh


case("equal", "equal", {}, fixed([1.0, 1.0, 1.0]))
case("static", "static", {"weights": [0.5, 0.1, 3.0]}, fixed([0.5, 0.1, 3.0]))
case("uncertainty", "uncertainty", {}, uncertainty)
case("dwa", "dwa", {"batchesPerEpoch": 2}, dwa(2, 2.0))
case("dwa warm", "dwa", {"batchesPerEpoch": 1, "temperature": 0.5}, dwa(1, 0.5))
case("gradnorm", "gradnorm", {}, gradnorm(1.5))
case("gradnorm equal lengths", "gradnorm", {"alpha": 0}, gradnorm(0.0))
case("gradnorm two", "gradnorm", {"alpha": 0.5}, gradnorm(0.5), tasks=(1, 2))
# Near the balance, where alpha decides which way a weight goes.
ends = [
    case(f"gradnorm near balance {alpha}", "gradnorm", {"alpha": alpha}, gradnorm(alpha), scales=[1.0] * 3, weighting_rate=0.3)
    for alpha in [0.0, 1.5, 6.0]
]
ends = [own["taskWeights"] for own in ends]
assert all((ends[i] - ends[j]).abs().max() > 0.01 for i, j in [(0, 1), (0, 2), (1, 2)]), ends
for pair in [(0, 1), (1, 2), (0, 2)]:
    case(f"pcgrad {pair[0]} {pair[1]}", "pcgrad", {}, pcgrad, tasks=pair)

# Gradient surgery alone, among four tasks, in given orders.
gradients = [room.normal(12) for _ in range(4)]
orders = [[2, 1, 3], [0, 3, 2], [3, 0, 1], [1, 2, 0]]
for i, g in enumerate(gradients):
    room.put(f"project.in{i}", g)
for i, g in enumerate(project([g.double() for g in gradients], orders)):
    room.put(f"project.out{i}", g)
room.cases.append({"id": "project", "op": "project", "options": {"orders": orders}, "tasks": [0, 1, 2, 3], "steps": 0, "scales": [], "rate": 0, "weightingRate": 0, "own": []})

room.write()
