"""Scaled dot-product attention: causal, masked, with a prefix, any head dimension.

Inputs are query, key, value as [batch, heads, time, headDim]; then, as the options say, a padding
mask [batch, keys] (1 = attend) and prefix keys and values [batch, heads, prefix, headDim]. A prefix
is seen by every query, causal or not, and is never masked.
"""

import torch

from common import REDUCTION, Room

room = Room("attention")
normal = room.normal


def attention(causal, masked, prefixed):
    def call(q, k, v, *rest):
        rest = list(rest)
        mask = rest.pop(0).bool() if masked else None
        batch, heads, queries, width = q.shape
        keys = k.shape[2]
        allowed = torch.ones(batch, 1, queries, keys, dtype=torch.bool)
        if causal:
            allowed = allowed & torch.ones(queries, keys, dtype=torch.bool).tril()
        if masked:
            allowed = allowed & mask[:, None, None, :]
        if prefixed:
            prefix_keys, prefix_values = rest
            k = torch.cat([prefix_keys, k], 2)
            v = torch.cat([prefix_values, v], 2)
            allowed = torch.cat([torch.ones(batch, 1, queries, prefix_keys.shape[2], dtype=torch.bool), allowed], 3)
        return torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=allowed)
    return call


SHAPES = {  # batch, heads, queries, keys, head dimension
    "even": (2, 2, 4, 4, 8), "odd everything": (1, 3, 5, 5, 7), "one token": (2, 1, 1, 1, 4),
    "width one": (1, 2, 3, 3, 1), "longer": (1, 1, 35, 35, 6), "block edges": (1, 2, 17, 17, 16),
    "fewer queries": (2, 2, 3, 6, 5), "empty batch": (0, 2, 3, 3, 4),
}
for name, (batch, heads, queries, keys, width) in SHAPES.items():
    for causal in [False, True]:
        if causal and queries != keys:
            continue
        for masked in [False, True]:
            for prefix in [0, 3]:
                inputs = [normal(batch, heads, queries, width), normal(batch, heads, keys, width), normal(batch, heads, keys, width)]
                if masked:
                    mask = room.mask(batch, keys, share=0.6)
                    mask[:, 0] = 1  # every query sees something
                    inputs.append(mask)
                if prefix:
                    inputs += [normal(batch, heads, prefix, width), normal(batch, heads, prefix, width)]
                kind = ", ".join(w for w, on in [("causal", causal), ("masked", masked), ("prefix", prefix)] if on)
                room.case("attention", f"{name}; {kind or 'plain'}", attention(causal, masked, prefix > 0), inputs,
                          {"causal": causal, "masked": masked, "prefix": prefix > 0}, tolerance=REDUCTION)
# A query that may see nothing gets zeros from PyTorch, and no gradient flows.
room.case("attention", "a row that sees nothing; masked", attention(False, True, False),
          [normal(2, 1, 2, 4), normal(2, 1, 3, 4), normal(2, 1, 3, 4), torch.tensor([[0, 0, 0], [1, 1, 0]], dtype=torch.int32)],
          {"causal": False, "masked": True, "prefix": False}, tolerance=REDUCTION)
room.case("attention", "large scores; causal", attention(True, False, False),
          [normal(1, 1, 4, 8, scale=100), normal(1, 1, 4, 8, scale=100), normal(1, 1, 4, 8)],
          {"causal": True, "masked": False, "prefix": False}, tolerance=1e-3)

room.write()
