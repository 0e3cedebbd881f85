"""What every make_*.py shares: a Room collects cases and writes them as two files.

`<room>.safetensors` holds the numbers, `<room>.json` says what they are:

    {"id": "add/broadcast both", "op": "add", "options": {}, "inputs": 2, "outputs": 1,
     "gradients": [0, 1], "tolerance": 1e-5}

A case's tensors are named `<id>.in0`, `.out0`, `.up0` (the gradient that arrives at output 0) and
`.grad0` (the gradient of input 0).

Everything is computed by PyTorch in float64 from float32 inputs and rounded once at the end, so
that a comparison measures our rounding and not PyTorch's; a case where float32's own limits matter
(overflow, denormals) asks for `precision=torch.float32`.
"""

import json
import zlib
from pathlib import Path

import torch
from safetensors.torch import save_file

HERE = Path(__file__).parent
ELEMENTWISE = 1e-5
REDUCTION = 1e-4


def fixed(tensor):
    """Marks an input that gets no gradient although it is a float."""
    tensor.is_fixed = True
    return tensor


class Room:
    def __init__(self, name):
        self.name = name
        self.cases = []
        self.tensors = {}
        self.generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))

    def normal(self, *shape, scale=1.0, shift=0.0):
        return torch.randn(shape, generator=self.generator) * scale + shift

    def positive(self, *shape):
        """Away from zero, for logarithms, roots and divisors."""
        return torch.rand(shape, generator=self.generator) * 2 + 0.25

    def distinct(self, *shape):
        """No two elements closer than 0.1: a maximum that rounding cannot move."""
        count = torch.Size(shape).numel()
        order = torch.randperm(count, generator=self.generator).float()
        return ((order - count / 2) * 0.1 + 0.03).reshape(shape)

    def integers(self, high, *shape):
        return torch.randint(0, high, shape, generator=self.generator, dtype=torch.int32)

    def mask(self, *shape, share=0.5):
        return (torch.rand(shape, generator=self.generator) < share).int()

    def put(self, key, tensor):
        tensor = tensor.detach()
        if tensor.dtype == torch.bool or tensor.dtype == torch.int64:
            tensor = tensor.to(torch.int32)
        if tensor.is_floating_point():
            tensor = tensor.to(torch.float32)
        self.tensors[key] = tensor.contiguous().clone()

    def case(
        self, op, name, call, inputs, options=None, *,
        tolerance=ELEMENTWISE, precision=torch.float64, gradients=True,
        absolute=None,
    ):
        """Runs `call(*inputs)` and records its outputs and the gradients of its float inputs."""
        id = f"{op}/{name}"
        assert all(case["id"] != id for case in self.cases), f"{id} is there twice"
        leaves = []
        for index, given in enumerate(inputs):
            self.put(f"{id}.in{index}", given)
            if given.is_floating_point():
                leaf = given.to(precision)
                leaf.requires_grad_(gradients and not hasattr(given, "is_fixed"))
            else:
                leaf = given.long()
            leaves.append(leaf)
        results = call(*leaves)
        results = results if isinstance(results, (tuple, list)) else [results]
        total = torch.zeros((), dtype=precision)
        for index, result in enumerate(results):
            self.put(f"{id}.out{index}", result)
            if result.requires_grad:
                up = self.normal(*result.shape)
                self.put(f"{id}.up{index}", up)
                total = total + (result * up.to(precision)).sum()
        with_gradient = [i for i, leaf in enumerate(leaves) if leaf.requires_grad]
        if total.requires_grad:
            total.backward()
            for index in with_gradient:
                gradient = leaves[index].grad
                self.put(f"{id}.grad{index}", torch.zeros_like(leaves[index]) if gradient is None else gradient)
        else:
            with_gradient = []
        self.cases.append({
            "id": id, "op": op, "options": options or {}, "inputs": len(inputs),
            "outputs": len(results), "gradients": with_gradient, "tolerance": tolerance,
            **({} if absolute is None else {"absolute": absolute}),
        })

    def write(self):
        for tensor in self.tensors.values():
            assert tensor.numel() < 20_000, "keep the references small"
        save_file(self.tensors, HERE / f"{self.name}.safetensors")
        lines = ",\n".join("  " + json.dumps(case) for case in self.cases)
        (HERE / f"{self.name}.json").write_text(f"[\n{lines}\n]\n")
        size = (HERE / f"{self.name}.safetensors").stat().st_size
        print(f"{self.name}: {len(self.cases)} cases, {size / 1024:.0f} KiB")
