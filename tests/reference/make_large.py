"""Shapes large enough to be split over threads and to leave the caches.

Their inputs aren't stored but computed from a formula, here and in the tests alike; of the outputs
and gradients every n-th element is stored. `inputs` is a list of {"shape", "seed", "scale"}, or
{"shape", "seed", "high"} for integers; the gradient that arrives at an output is a draw as well.
"""

import numpy
import torch
import torch.nn.functional as F

from common import ELEMENTWISE, REDUCTION, Room

room = Room("large")
SAMPLES = 101


def draw(shape, seed, scale=1.0, high=None):
    """A hash of each element's number, as floats around 0 or as integers below `high`."""
    count = int(numpy.prod(shape))
    h = (numpy.arange(count, dtype=numpy.uint64) + numpy.uint64(1 + seed * 1_000_003)) & 0xFFFFFFFF
    h = (h * 2654435761) & 0xFFFFFFFF
    h ^= h >> 16
    h = (h * 2246822519) & 0xFFFFFFFF
    h ^= h >> 13
    unit = h.astype(numpy.float64) / 2**32
    if high is not None:
        return torch.from_numpy(numpy.floor(unit * high).astype(numpy.int32)).reshape(shape)
    return torch.from_numpy(((unit - 0.5) * scale).astype(numpy.float32)).reshape(shape)


def sample(tensor):
    flat = tensor.detach().reshape(-1)
    return flat[:: max(1, flat.numel() // SAMPLES)]


def case(op, name, call, inputs, options=None, tolerance=REDUCTION, absolute=None):
    id = f"{op}/{name}"
    inputs = [{"seed": i + 1, **given} for i, given in enumerate(inputs)]
    leaves = []
    for given in inputs:
        values = draw(**given)
        leaves.append(values.long() if "high" in given else values.double().requires_grad_())
    result = call(*leaves)
    room.put(f"{id}.out0", sample(result))
    up = {"shape": list(result.shape), "seed": 99, "scale": 2.0}
    (result * draw(**up)).sum().backward()
    with_gradient = [i for i, leaf in enumerate(leaves) if leaf.requires_grad]
    for i in with_gradient:
        room.put(f"{id}.grad{i}", sample(leaves[i].grad))
    room.cases.append({"id": id, "op": op, "options": options or {}, "inputs": inputs, "up": up,
                       "gradients": with_gradient, "tolerance": tolerance,
                       **({} if absolute is None else {"absolute": absolute})})


def floats(*shape, scale=2.0):
    return {"shape": list(shape), "scale": scale}


def integers(high, *shape):
    return {"shape": list(shape), "high": high}


case("add", "row and column", torch.add, [floats(700, 1), floats(1, 301)], tolerance=ELEMENTWISE, absolute=1e-3)
case("mul", "same shape", torch.mul, [floats(301, 333), floats(301, 333)], tolerance=ELEMENTWISE)
case("exp", "long", torch.exp, [floats(100_003)], tolerance=ELEMENTWISE)
case("gelu", "long", lambda x: F.gelu(x, approximate="tanh"), [floats(333, 301, scale=8.0)], {"approximate": "tanh"}, tolerance=ELEMENTWISE)
case("sum", "all", torch.sum, [floats(100_003)], {"dim": None, "keepDim": False}, absolute=1e-3)
case("sum", "rows", lambda x: x.sum(0), [floats(1500, 67)], {"dim": 0, "keepDim": False}, absolute=1e-3)
case("var", "columns", lambda x: x.var(-1), [floats(300, 401)], {"dim": -1, "keepDim": False})
case("cumsum", "columns", lambda x: x.cumsum(-1), [floats(150, 501)], {"dim": -1}, absolute=1e-3)
case("transpose", "large", lambda x: x.transpose(0, 1), [floats(333, 205)], {"dims": [0, 1]})
for m, k, n in [(301, 257, 131), (64, 1000, 63), (1, 700, 800), (600, 3, 500), (128, 128, 128), (257, 515, 9)]:
    case("matmul", f"[{m}, {k}] by [{k}, {n}]", torch.matmul, [floats(m, k), floats(k, n)], absolute=1e-4)
case("matmul", "batched", torch.matmul, [floats(12, 65, 33), floats(12, 33, 70)], absolute=1e-4)
case("linear", "many rows", F.linear, [floats(8, 130, 96), floats(200, 96), floats(200)], absolute=1e-3)
case("softmax", "many rows", lambda x: x.softmax(-1), [floats(500, 301)], {"dim": -1}, absolute=1e-7)
case("logSoftmax", "many columns", lambda x: x.log_softmax(0), [floats(301, 250)], {"dim": 0}, absolute=1e-4)
case("layerNorm", "many rows", lambda x, w, b: F.layer_norm(x, x.shape[-1:], w, b), [floats(900, 130), floats(130), floats(130)], {"eps": 1e-5}, absolute=1e-3)
case("rmsNorm", "many rows", lambda x, w: F.rms_norm(x, x.shape[-1:], w, eps=1e-6), [floats(900, 130), floats(130)], {"eps": 1e-6}, absolute=1e-3)
case("embedding", "many tokens", lambda w, i: F.embedding(i, w), [floats(500, 65), integers(500, 40, 50)], absolute=1e-4)
case("crossEntropy", "many rows", lambda x, t: F.cross_entropy(x, t), [floats(700, 301, scale=8.0), integers(301, 700)], absolute=1e-7)
case("crossEntropy", "smoothed", lambda x, t: F.cross_entropy(x, t, label_smoothing=0.1, reduction="sum"), [floats(200, 501, scale=8.0), integers(501, 200)], {"labelSmoothing": 0.1, "reduction": "sum"})
case("conv2d", "many images", lambda x, w, b: F.conv2d(x, w, b, padding=1), [floats(6, 5, 29, 31), floats(12, 5, 3, 3), floats(12)], {"padding": 1}, absolute=1e-3)
case("maxPool2d", "many images", lambda x: F.max_pool2d(x, 2), [floats(8, 6, 40, 42)], {"kernelSize": 2})
for causal in [False, True]:
    case("attention", "causal" if causal else "full", lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=causal),
         [floats(3, 4, 130, 36), floats(3, 4, 130, 36), floats(3, 4, 130, 36)], {"causal": causal, "masked": False, "prefix": False}, absolute=1e-4)

room.write()
