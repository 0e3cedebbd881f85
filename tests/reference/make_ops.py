"""Every op of the tensor library: values and the gradients of all inputs."""

import torch
import torch.nn.functional as F

from common import REDUCTION, Room

room = Room("ops")
normal, positive, distinct, case = room.normal, room.positive, room.distinct, room.case

# Two-sided arithmetic, every way shapes can meet.
SHAPES = {
    "same shape, odd": ([3, 5], [3, 5]),
    "one element": ([1], [1]),
    "scalar on the right": ([2, 3], []),
    "scalar on the left": ([], [2, 3]),
    "row": ([4, 3], [3]),
    "column": ([4, 3], [4, 1]),
    "broadcast on both sides": ([3, 1, 5], [4, 1]),
    "more axes on the right": ([5], [2, 3, 5]),
    "middle axis": ([2, 3, 7], [2, 1, 7]),
    "empty batch": ([0, 3], [3]),
    "longer than a SIMD lane": ([2, 67], [67]),
}
BINARY = {
    "add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div,
    "maximum": torch.maximum, "minimum": torch.minimum,
}
for op, call in BINARY.items():
    for name, (left, right) in SHAPES.items():
        case(op, name, call, [normal(*left), positive(*right)])
case("add", "large and denormal", torch.add, [
    torch.tensor([3e38, 1e-40, -1e-45, 1e30, -0.0]), torch.tensor([3e38, 2e-40, 1e-45, -1e-30, 0.0]),
], precision=torch.float32, absolute=0)
case("mul", "large and denormal", torch.mul, [
    torch.tensor([3e38, 1e-40, -1e-20, 1e30]), torch.tensor([2.0, 0.5, 1e-20, -1e-30]),
], precision=torch.float32, absolute=0)
case("div", "by zero, large and denormal", torch.div, [
    torch.tensor([1.0, -1.0, 1e-40, 3e38]), torch.tensor([0.0, 0.0, 0.5, 0.5]),
], precision=torch.float32, gradients=False, absolute=0)

# One-sided arithmetic. What each is given, beyond ordinary numbers:
EDGE = torch.tensor([0.0, 1e-40, -1e-40, 1e-3, -1e-3, 30.0, -30.0, 100.0, -100.0, 1e4, -1e4])
UNARY = {
    "neg": (torch.neg, normal, EDGE),
    "exp": (torch.exp, normal, torch.tensor([0.0, 1e-40, -1e-3, 88.0, -80.0, -120.0])),
    "log": (torch.log, positive, torch.tensor([1e-30, 1e-3, 1.0, 1.0000001, 3e38])),
    "sqrt": (torch.sqrt, positive, torch.tensor([1e-30, 1e-3, 1.0, 3e38])),
    "abs": (torch.abs, normal, EDGE),
    "tanh": (torch.tanh, normal, EDGE),
    "sigmoid": (torch.sigmoid, normal, torch.tensor([0.0, 1e-40, 1e-3, -1e-3, 30.0, -30.0, 80.0, -80.0])),
    "relu": (torch.relu, normal, EDGE),
    "silu": (F.silu, normal, torch.tensor([0.0, 1e-40, 1e-3, -1e-3, 30.0, -30.0, 80.0, -80.0])),
}
for op, (call, draw, edge) in UNARY.items():
    case(op, "odd", call, [draw(3, 5)])
    case(op, "one element", call, [draw(1)])
    case(op, "scalar", call, [draw()])
    case(op, "empty", call, [draw(0, 4)])
    case(op, "longer than a SIMD lane", call, [draw(2, 3, 23)])
    case(op, "edges", call, [edge])
for approximate in ["tanh", "none"]:
    def gelu(x, approximate=approximate):
        return F.gelu(x, approximate=approximate)
    options = {"approximate": approximate}
    case("gelu", f"{approximate}, odd", gelu, [normal(3, 5)], options)
    case("gelu", f"{approximate}, long", gelu, [normal(4, 67, scale=2)], options)
    case("gelu", f"{approximate}, edges", gelu, [torch.tensor([0.0, 1e-40, 1e-3, 4.0, -4.0, 30.0, -30.0])], options)
    case("gelu", f"{approximate}, empty", gelu, [normal(0, 3)], options)
for exponent in [2, 3, 0.5, -1, 1.7, 0, 1]:
    case("pow", f"to {exponent}", lambda x: x ** exponent, [positive(3, 7)], {"exponent": exponent})
for exponent in [2, 3]:
    case("pow", f"negative base to {exponent}", lambda x: x ** exponent, [normal(9)], {"exponent": exponent})
for low, high in [(-0.5, 0.5), (-0.5, None), (None, 0.25)]:
    case("clip", f"{low} to {high}", lambda x: x.clip(low, high), [normal(4, 9)], {"min": low, "max": high})

# Matrix products.
MATMUL = {
    "odd": ([3, 5], [5, 7]), "one by one": ([1, 1], [1, 1]), "one row": ([1, 9], [9, 4]),
    "one column": ([6, 5], [5, 1]), "inner one": ([4, 1], [1, 6]), "block edges": ([17, 19], [19, 33]),
    "batched": ([2, 3, 4], [2, 4, 5]), "two batch axes": ([2, 3, 4, 5], [2, 3, 5, 6]),
    "broadcast left": ([4, 3], [5, 3, 2]), "broadcast right": ([5, 2, 3], [3, 4]),
    "broadcast both": ([2, 1, 3, 4], [3, 4, 5]), "vector right": ([3, 4], [4]),
    "vector left": ([4], [4, 3]), "vectors": ([7], [7]), "empty batch": ([0, 3], [3, 2]),
    "empty inner": ([2, 0], [0, 3]), "empty outer batch": ([0, 2, 3], [0, 3, 4]),
}
for name, (left, right) in MATMUL.items():
    case("matmul", name, torch.matmul, [normal(*left), normal(*right)], tolerance=REDUCTION)
for name, rows, inner, columns in [("odd", [3], 5, 7), ("three axes", [2, 3], 9, 4), ("one", [1], 1, 1), ("empty batch", [0], 4, 3)]:
    case("linear", name, F.linear, [normal(*rows, inner), normal(columns, inner), normal(columns)], tolerance=REDUCTION)
    case("linear", f"{name}, no bias", F.linear, [normal(*rows, inner), normal(columns, inner)], tolerance=REDUCTION)

# Shapes: nothing computed, everything moved.
case("reshape", "merge", lambda x: x.reshape(6, 4), [normal(2, 3, 4)], {"shape": [6, 4]})
case("reshape", "infer", lambda x: x.reshape(2, -1), [normal(2, 3, 4)], {"shape": [2, -1]})
case("reshape", "empty", lambda x: x.reshape(0, 6), [normal(0, 2, 3)], {"shape": [0, 6]})
case("transpose", "matrix", lambda x: x.transpose(0, 1), [normal(3, 5)], {"dims": [0, 1]})
case("transpose", "last two of four", lambda x: x.transpose(-1, -2), [normal(2, 3, 4, 5)], {"dims": [-1, -2]})
case("transpose", "middle", lambda x: x.transpose(1, 2), [normal(2, 3, 4, 5)], {"dims": [1, 2]})
case("permute", "three", lambda x: x.permute(2, 0, 1), [normal(2, 3, 5)], {"dims": [2, 0, 1]})
case("permute", "four", lambda x: x.permute(0, 3, 1, 2), [normal(2, 3, 5, 4)], {"dims": [0, 3, 1, 2]})
for name, shape, dim, start, end in [("rows", [5, 3], 0, 1, 4), ("columns", [3, 7], 1, 2, 5), ("last axis", [2, 3, 5], -1, 0, 1), ("nothing", [4, 2], 0, 2, 2), ("from the end", [6, 2], 0, -2, 6)]:
    case("slice", name, lambda x: x.transpose(0, dim)[start:end].transpose(0, dim), [normal(*shape)], {"dim": dim, "start": start, "end": end})
case("concat", "rows", lambda *x: torch.cat(x, 0), [normal(2, 3), normal(1, 3), normal(4, 3)], {"dim": 0})
case("concat", "last axis", lambda *x: torch.cat(x, -1), [normal(2, 3), normal(2, 5)], {"dim": -1})
case("concat", "middle, one empty", lambda *x: torch.cat(x, 1), [normal(2, 3, 2), normal(2, 0, 2), normal(2, 1, 2)], {"dim": 1})
case("stack", "first", lambda *x: torch.stack(x, 0), [normal(2, 3), normal(2, 3)], {"dim": 0})
case("stack", "last", lambda *x: torch.stack(x, -1), [normal(2, 3), normal(2, 3), normal(2, 3)], {"dim": -1})
for name, shape, dim, index in [("rows", [5, 3], 0, [2, 3]), ("columns", [3, 7], 1, [3, 4]), ("last of three", [2, 3, 5], -1, [2, 3, 1])]:
    size = shape[dim]
    case("gather", name, lambda x, i: x.gather(dim, i), [normal(*shape), room.integers(size, *index)], {"dim": dim})
    case("scatterAdd", name, lambda x, i, s: x.scatter_add(dim, i, s), [normal(*shape), room.integers(size, *index), normal(*index)], {"dim": dim})
case("where", "same shape", lambda c, a, b: torch.where(c.bool(), a, b), [room.mask(3, 5), normal(3, 5), normal(3, 5)])
case("where", "broadcast", lambda c, a, b: torch.where(c.bool(), a, b), [room.mask(3, 1), normal(5), normal(2, 3, 5)])
for name, shape, masked, value in [("minus infinity", [3, 5], [3, 5], float("-inf")), ("broadcast", [2, 3, 4], [3, 1], 0.5)]:
    case("maskedFill", name, lambda x, m: x.masked_fill(m.bool(), value), [normal(*shape), room.mask(*masked)], {"value": str(value)})
case("embedding", "repeated rows", lambda w, i: F.embedding(i, w), [normal(7, 3), torch.tensor([[1, 6, 1], [0, 1, 6]], dtype=torch.int32)])
case("embedding", "one row", lambda w, i: F.embedding(i, w), [normal(1, 5), torch.tensor([0], dtype=torch.int32)])
case("embedding", "empty batch", lambda w, i: F.embedding(i, w), [normal(4, 5), torch.zeros(0, 3, dtype=torch.int32)])

# Reductions.
AXES = [(None, False, "all"), (0, False, "first"), (-1, False, "last"), (1, True, "middle kept")]
REDUCE = {
    "sum": lambda x, dim, keep: x.sum() if dim is None else x.sum(dim, keep),
    "mean": lambda x, dim, keep: x.mean() if dim is None else x.mean(dim, keep),
    "var": lambda x, dim, keep: x.var() if dim is None else x.var(dim, keepdim=keep),
    "max": lambda x, dim, keep: x.max() if dim is None else x.max(dim, keep)[0],
    "min": lambda x, dim, keep: x.min() if dim is None else x.min(dim, keep)[0],
    "argmax": lambda x, dim, keep: x.argmax() if dim is None else x.argmax(dim, keep),
    "logsumexp": lambda x, dim, keep: torch.logsumexp(x, tuple(range(x.ndim)) if dim is None else dim, keep),
    "norm": lambda x, dim, keep: x.norm() if dim is None else x.norm(dim=dim, keepdim=keep),
}
for op, reduce in REDUCE.items():
    for dim, keep, name in AXES:
        for shape in [[3, 5, 7], [2, 3, 1]] if op != "var" else [[3, 5, 7], [2, 3, 4]]:
            case(op, f"{name} of {shape}", lambda x: reduce(x, dim, keep), [distinct(*shape)], {"dim": dim, "keepDim": keep}, tolerance=REDUCTION)
case("sum", "two axes", lambda x: x.sum((0, 2)), [normal(2, 3, 4)], {"dim": [0, 2], "keepDim": False}, tolerance=REDUCTION)
case("sum", "empty", lambda x: x.sum(0), [normal(0, 3)], {"dim": 0, "keepDim": False})
case("sum", "long", lambda x: x.sum(), [normal(67, 31)], {"dim": None, "keepDim": False}, tolerance=REDUCTION)
case("mean", "two axes kept", lambda x: x.mean((1, 2), keepdim=True), [normal(2, 3, 4)], {"dim": [1, 2], "keepDim": True}, tolerance=REDUCTION)
case("var", "biased", lambda x: x.var(-1, correction=0), [normal(3, 9)], {"dim": -1, "keepDim": False, "correction": 0}, tolerance=REDUCTION)
case("var", "far from zero", lambda x: x.var(-1), [normal(2, 50, shift=1000)], {"dim": -1, "keepDim": False}, tolerance=REDUCTION)
case("logsumexp", "large", lambda x: torch.logsumexp(x, -1), [torch.tensor([[1e4, 1e4, -1e4], [-1e4, -1e4, -1e4]])], {"dim": -1, "keepDim": False}, tolerance=1e-3)
case("logsumexp", "some minus infinity", lambda x: torch.logsumexp(x, -1), [torch.tensor([[float("-inf"), 1.0, 2.0]])], {"dim": -1, "keepDim": False}, tolerance=REDUCTION)
for dim in [0, 1, -1]:
    case("cumsum", f"along {dim}", lambda x: x.cumsum(dim), [normal(3, 4, 5)], {"dim": dim}, tolerance=REDUCTION)

# Normalisations over an axis.
MINUS = float("-inf")
for op, call in {"softmax": torch.softmax, "logSoftmax": torch.log_softmax}.items():
    for name, shape, dim in [("odd", [3, 5], -1), ("one element", [4, 1], -1), ("first axis", [5, 3], 0), ("middle axis", [2, 5, 3], 1), ("long", [2, 131], -1), ("empty", [0, 5], -1)]:
        case(op, name, lambda x: call(x, dim), [normal(*shape, scale=2)], {"dim": dim})
    case(op, "large", lambda x: call(x, -1), [torch.tensor([[1e4, 0.0, -1e4], [3e38, 3e38, -3e38]])], {"dim": -1})
case("softmax", "some minus infinity", lambda x: torch.softmax(x, -1), [torch.tensor([[MINUS, 1.0, 2.0, MINUS], [0.0, MINUS, MINUS, MINUS]])], {"dim": -1})
case("softmax", "a row of minus infinity", lambda x: torch.softmax(x, -1), [torch.tensor([[0.0, 1.0, 2.0], [MINUS, MINUS, MINUS]])], {"dim": -1}, gradients=False)
for name, rows, width in [("odd", [3], 5), ("three axes", [2, 3], 12), ("one row", [1], 8), ("empty", [0], 4), ("long", [2], 67)]:
    case("layerNorm", name, lambda x, w, b: F.layer_norm(x, x.shape[-1:], w, b), [normal(*rows, width), normal(width), normal(width)], {"eps": 1e-5}, tolerance=REDUCTION)
    case("rmsNorm", name, lambda x, w: F.rms_norm(x, x.shape[-1:], w, eps=1e-6), [normal(*rows, width), normal(width)], {"eps": 1e-6}, tolerance=REDUCTION)
case("layerNorm", "far from zero", lambda x, w, b: F.layer_norm(x, x.shape[-1:], w, b), [normal(2, 16, shift=100), normal(16), normal(16)], {"eps": 1e-5}, tolerance=1e-3)
case("layerNorm", "constant row", lambda x, w, b: F.layer_norm(x, x.shape[-1:], w, b), [torch.ones(2, 6), normal(6), normal(6)], {"eps": 1e-5}, tolerance=REDUCTION)
case("layerNorm", "no bias", lambda x, w: F.layer_norm(x, x.shape[-1:], w), [normal(3, 7), normal(7)], {"eps": 1e-5}, tolerance=REDUCTION)

# Images, [batch, channels, height, width].
CONV = {
    "plain": ([2, 3, 5, 6], [4, 3, 3, 3], {}), "padded": ([1, 2, 5, 5], [3, 2, 3, 3], {"padding": 1}),
    "strided": ([2, 1, 7, 8], [2, 1, 3, 3], {"stride": 2}), "both": ([1, 3, 8, 7], [4, 3, 5, 5], {"stride": 2, "padding": 2}),
    "one by one": ([2, 5, 3, 3], [4, 5, 1, 1], {}), "one pixel": ([1, 1, 1, 1], [1, 1, 1, 1], {}),
    "oblong kernel": ([1, 2, 6, 5], [3, 2, 3, 2], {}), "empty batch": ([0, 2, 5, 5], [3, 2, 3, 3], {"padding": 1}),
}
for name, (image, kernel, options) in CONV.items():
    def conv(x, w, b=None, options=options):
        return F.conv2d(x, w, b, **options)
    case("conv2d", name, conv, [normal(*image), normal(*kernel), normal(kernel[0])], options, tolerance=REDUCTION)
case("conv2d", "no bias", F.conv2d, [normal(1, 2, 4, 4), normal(3, 2, 3, 3)], {}, tolerance=REDUCTION)
for name, shape, size, options in [("even", [2, 3, 4, 6], 2, {}), ("odd edge", [1, 2, 5, 7], 2, {}), ("overlapping", [1, 2, 6, 6], 3, {"stride": 2}), ("padded", [1, 1, 5, 5], 3, {"stride": 2, "padding": 1}), ("empty batch", [0, 2, 4, 4], 2, {})]:
    case("maxPool2d", name, lambda x: F.max_pool2d(x, size, **options), [distinct(*shape)], {"kernelSize": size, **options})
    case("avgPool2d", name, lambda x: F.avg_pool2d(x, size, **options), [normal(*shape)], {"kernelSize": size, **options})

room.write()
