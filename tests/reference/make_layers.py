"""Every layer of lib/nn: outputs, the gradients of inputs and of all parameters.

The parameters are named as ours are and stored as `<id>.state.<name>`, their gradients as
`<id>.stategrad.<name>`. Attention and the transformer block are PyTorch's own modules; only the
merged projection of theirs is cut into our three.
"""

import torch
from torch import nn
from torch.nn import functional as F

from common import REDUCTION, Room

room = Room("layers")
normal = room.normal


def split_projection(name, tensor):
    """in_proj_weight -> query.weight, key.weight, value.weight."""
    kind = name.rsplit("in_proj_", 1)[1]
    prefix = name.rsplit("in_proj_", 1)[0]
    return {f"{prefix}{part}.{kind}": t for part, t in zip(["query", "key", "value"], tensor.chunk(3))}


def layer(op, name, module, inputs, options, *, forward=None, rename=None, tolerance=REDUCTION):
    """Like Room.case, with the module's parameters drawn anew and recorded."""
    module = module.double().train()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(normal(*parameter.shape, scale=0.5))
    id = f"{op}/{name}"
    room.case(op, name, forward(module) if forward else module, inputs, options, tolerance=tolerance)
    names = []
    for key, parameter in module.named_parameters():
        ours = rename(key) if rename else key
        grad = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
        values = split_projection(ours, parameter.data) if "in_proj_" in ours else {ours: parameter.data}
        grads = split_projection(ours, grad) if "in_proj_" in ours else {ours: grad}
        for part in values:
            names.append(part)
            room.put(f"{id}.state.{part}", values[part])
            room.put(f"{id}.stategrad.{part}", grads[part])
    room.cases[-1]["state"] = names


for name, rows, inputs, outputs in [("odd", [3], 5, 7), ("three axes", [2, 3], 9, 4), ("one by one", [1], 1, 1), ("empty batch", [0], 4, 3)]:
    layer("Linear", name, nn.Linear(inputs, outputs), [normal(*rows, inputs)], {"in": inputs, "out": outputs})
    layer("Linear", f"{name}, no bias", nn.Linear(inputs, outputs, bias=False), [normal(*rows, inputs)], {"in": inputs, "out": outputs, "bias": False})
layer("Embedding", "odd", nn.Embedding(7, 5), [room.integers(7, 2, 3)], {"count": 7, "dim": 5})
layer("Embedding", "one row", nn.Embedding(1, 3), [room.integers(1, 4)], {"count": 1, "dim": 3})
for name, rows, width in [("odd", [3], 5), ("three axes", [2, 3], 12), ("empty batch", [0], 4), ("one wide", [3], 1)]:
    layer("LayerNorm", name, nn.LayerNorm(width), [normal(*rows, width)], {"dim": width})
    layer("RMSNorm", name, nn.RMSNorm(width, eps=1e-6), [normal(*rows, width)], {"dim": width})
layer("LayerNorm", "eps", nn.LayerNorm(6, eps=0.1), [normal(2, 6)], {"dim": 6, "eps": 0.1})
for name, (batch, channels, height, width), out, kernel, options in [
    ("plain", (2, 3, 5, 6), 4, 3, {}), ("padded and strided", (1, 2, 7, 8), 3, 3, {"stride": 2, "padding": 1}),
    ("one by one", (2, 3, 4, 4), 2, 1, {}),
]:
    layer("Conv2d", name, nn.Conv2d(channels, out, kernel, **options), [normal(batch, channels, height, width)],
          {"in": channels, "out": out, "kernelSize": kernel, **options})

ACTIVATIONS = {"gelu": F.gelu, "geluTanh": lambda x: F.gelu(x, approximate="tanh"), "relu": F.relu, "silu": F.silu}


class FeedForward(nn.Module):
    def __init__(self, dim, hidden, activation, gated=False, bias=True):
        super().__init__()
        self.up = nn.Linear(dim, hidden, bias)
        self.down = nn.Linear(hidden, dim, bias)
        if gated:
            self.gate = nn.Linear(dim, hidden, bias)
        self.activation = ACTIVATIONS[activation]

    def forward(self, x):
        h = self.up(x)
        h = self.activation(self.gate(x)) * h if hasattr(self, "gate") else self.activation(h)
        return self.down(h)


for activation in ACTIVATIONS:
    layer("FeedForward", activation, FeedForward(6, 10, activation), [normal(2, 3, 6)], {"dim": 6, "hidden": 10, "activation": activation})
layer("FeedForward", "gated, no bias", FeedForward(5, 9, "silu", True, False), [normal(2, 5)], {"dim": 5, "hidden": 9, "activation": "silu", "gated": True, "bias": False})


def attend(causal, masked):
    def forward(module):
        def call(x, mask=None):
            time = x.shape[1]
            return module(
                x, x, x, need_weights=False,
                attn_mask=~torch.ones(time, time, dtype=torch.bool).tril() if causal else None,
                key_padding_mask=~mask.bool() if masked else None,
            )[0]
        return call
    return forward


def padding(batch, time):
    mask = room.mask(batch, time, share=0.6)
    mask[:, 0] = 1
    return mask


def mha_name(name):
    return name.replace("out_proj", "output")


for name, batch, time, dim, heads in [("even", 2, 4, 8, 2), ("odd", 3, 5, 15, 3), ("one token", 1, 1, 4, 4), ("one head", 2, 9, 7, 1)]:
    for causal in [False, True]:
        for masked in [False, True]:
            label = name + (", causal" if causal else "") + (", masked" if masked else "")
            layer("MultiHeadAttention", label, nn.MultiheadAttention(dim, heads, batch_first=True),
                  [normal(batch, time, dim)] + ([padding(batch, time)] if masked else []),
                  {"dim": dim, "heads": heads, "causal": causal, "masked": masked}, forward=attend(causal, masked), rename=mha_name)


def block_name(name):
    for theirs, ours in {"self_attn": "attention", "out_proj": "output", "linear1": "feedForward.up", "linear2": "feedForward.down",
                         "norm1": "attentionNorm", "norm2": "feedForwardNorm"}.items():
        name = name.replace(theirs, ours)
    return name


def run_block(causal, masked):
    def forward(module):
        def call(x, mask=None):
            time = x.shape[1]
            return module(x, src_mask=~torch.ones(time, time, dtype=torch.bool).tril() if causal else None,
                          src_key_padding_mask=~mask.bool() if masked else None)
        return call
    return forward


for pre in [True, False]:
    for activation in ["gelu", "geluTanh"]:
        for causal in [False, True]:
            masked = not causal
            label = f"{'pre' if pre else 'post'}-norm, {activation}, {'causal' if causal else 'masked'}"
            block = nn.TransformerEncoderLayer(6, 2, 10, dropout=0.0, activation=ACTIVATIONS[activation], batch_first=True, norm_first=pre)
            layer("TransformerBlock", label, block, [normal(2, 5, 6)] + ([padding(2, 5)] if masked else []),
                  {"dim": 6, "heads": 2, "hidden": 10, "activation": activation, "preNorm": pre, "causal": causal, "masked": masked},
                  forward=run_block(causal, masked), rename=block_name)

room.write()
