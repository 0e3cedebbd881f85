"""Sequences of optimizer steps under given gradients: every parameter after every step.

A case's tensors are `<id>.start<p>`, `<id>.grad<p>.<step>` and `<id>.param<p>.<step>`; with
clipping also `<id>.norm.<step>`, the global norm before it. Muon is PyTorch's own, except that its
Newton-Schulz iteration runs in the parameters' precision here and in bfloat16 there.
"""

import torch
from torch.optim import SGD, Adam, AdamW, Muon
from torch.optim import _muon

from common import Room

room = Room("optimizers")
STEPS = 5


def newton_schulz(gradient, coefficients, steps, eps):
    """torch.optim._muon._zeropower_via_newtonschulz without its bfloat16."""
    a, b, c = coefficients
    tall = gradient.size(0) > gradient.size(1)
    x = gradient.T if tall else gradient
    x = x / x.norm().clamp(min=eps)
    for _ in range(steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if tall else x


_muon._zeropower_via_newtonschulz = newton_schulz
KINDS = {"SGD": SGD, "Adam": Adam, "AdamW": AdamW, "Muon": Muon}
# Our option names -> PyTorch's.
NAMES = {"learningRate": "lr", "weightDecay": "weight_decay", "momentum": "momentum", "nesterov": "nesterov",
         "betas": "betas", "eps": "eps", "dampening": "dampening", "adjust": "adjust_lr_fn", "newtonSchulzSteps": "ns_steps"}
ADJUST = {"original": "original", "matchAdamW": "match_rms_adamw"}


def translate(options):
    return {NAMES[key]: ADJUST.get(value, value) if key == "adjust" else value for key, value in options.items()}


def sequence(kind, name, options, shapes=([3, 5], [5], [1]), groups=None, clip=None, change=None, scale=1.0, missing=(), tolerance=1e-5):
    """`groups`: [([parameter indices], options)]; `change`: {step: learning rate of all groups};
    `missing`: (parameter, step) pairs whose gradient isn't there."""
    id = f"{kind}/{name}"
    parameters = [room.normal(*shape) for shape in shapes]
    for index, parameter in enumerate(parameters):
        room.put(f"{id}.start{index}", parameter)
    parameters = [torch.nn.Parameter(p.double()) for p in parameters]
    groups = groups or [(list(range(len(parameters))), {})]
    optimizer = KINDS[kind]([{"params": [parameters[i] for i in indices], **translate(own)} for indices, own in groups], **translate(options))
    for step in range(STEPS):
        if change and step in change:
            for group in optimizer.param_groups:
                group["lr"] = change[step]
        for index, parameter in enumerate(parameters):
            if (index, step) in missing:
                parameter.grad = None
                continue
            gradient = room.normal(*parameter.shape, scale=scale)
            room.put(f"{id}.grad{index}.{step}", gradient)
            parameter.grad = gradient.double()
        if clip:
            room.put(f"{id}.norm.{step}", torch.nn.utils.clip_grad_norm_(parameters, clip).reshape(1))
        optimizer.step()
        for index, parameter in enumerate(parameters):
            room.put(f"{id}.param{index}.{step}", parameter)
    room.cases.append({
        "id": id, "op": kind, "options": options, "parameters": len(parameters), "steps": STEPS,
        "groups": [{"parameters": indices, "options": own} for indices, own in groups],
        "clip": clip, "change": {str(k): v for k, v in (change or {}).items()},
        "missing": [list(pair) for pair in missing], "tolerance": tolerance,
    })


sequence("SGD", "plain", {"learningRate": 0.1})
sequence("SGD", "weight decay", {"learningRate": 0.1, "weightDecay": 0.05})
sequence("SGD", "momentum", {"learningRate": 0.1, "momentum": 0.9})
sequence("SGD", "momentum and dampening", {"learningRate": 0.1, "momentum": 0.9, "dampening": 0.5})
sequence("SGD", "nesterov and weight decay", {"learningRate": 0.1, "momentum": 0.9, "nesterov": True, "weightDecay": 0.01})
sequence("SGD", "long", {"learningRate": 0.1, "momentum": 0.9}, shapes=([7, 67],))
for kind in ["Adam", "AdamW"]:
    sequence(kind, "defaults", {"learningRate": 1e-3})
    sequence(kind, "weight decay", {"learningRate": 0.01, "weightDecay": 0.1})
    sequence(kind, "betas and eps", {"learningRate": 0.01, "betas": [0.8, 0.95], "eps": 1e-3})
    sequence(kind, "tiny gradients", {"learningRate": 0.01}, scale=1e-12)
    sequence(kind, "large gradients", {"learningRate": 0.01}, scale=1e12)
    sequence(kind, "long", {"learningRate": 0.01}, shapes=([7, 67],))
    sequence(kind, "a gradient missing at times", {"learningRate": 0.01}, missing=((1, 0), (0, 2), (1, 3)))
    sequence(kind, "learning rate changes", {"learningRate": 0.1}, change={2: 0.01, 4: 0.0})
sequence("AdamW", "two groups", {"learningRate": 0.01}, groups=[([0], {"weightDecay": 0.1, "learningRate": 0.1}), ([1, 2], {"weightDecay": 0.0})])
sequence("SGD", "two groups", {"learningRate": 0.01, "momentum": 0.9}, groups=[([0, 2], {"momentum": 0.0}), ([1], {"learningRate": 0.5})])
for size, limit in [("above", 1.0), ("below", 1e3)]:
    sequence("SGD", f"clipped, norm {size} the limit", {"learningRate": 0.1}, clip=limit)
MATRICES = ([4, 6], [7, 3], [5, 5])
sequence("Muon", "defaults", {"learningRate": 1e-3}, shapes=MATRICES, tolerance=1e-4)
sequence("Muon", "no nesterov", {"learningRate": 0.02, "nesterov": False, "weightDecay": 0.0}, shapes=MATRICES, tolerance=1e-4)
sequence("Muon", "match AdamW", {"learningRate": 0.01, "adjust": "matchAdamW", "momentum": 0.9}, shapes=MATRICES, tolerance=1e-4)
sequence("Muon", "one row, one column", {"learningRate": 0.02}, shapes=([1, 5], [6, 1], [1, 1]), tolerance=1e-4)
sequence("Muon", "two groups", {"learningRate": 0.02}, shapes=MATRICES, groups=[([0], {"weightDecay": 0.0}), ([1, 2], {"learningRate": 0.1, "newtonSchulzSteps": 3})], tolerance=1e-4)

room.write()
