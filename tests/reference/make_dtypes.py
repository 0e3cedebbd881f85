"""A safetensors file with a tensor of every type, written by the format's own library."""

import torch
from safetensors.torch import save_file

from common import HERE

floats = torch.tensor([[0.0, -0.0, 1.0], [3.14159, 65504.0, float("-inf")]])
tensors = {
    "F64": floats.double(), "F32": floats, "F16": floats.half(), "BF16": floats.bfloat16(),
    "I64": torch.tensor([-(2**62), 7]), "I32": torch.tensor([-5, 7], dtype=torch.int32),
    "I16": torch.tensor([-300], dtype=torch.int16), "I8": torch.tensor([-3], dtype=torch.int8),
    "U8": torch.tensor([250], dtype=torch.uint8), "BOOL": torch.tensor([True, False]),
    "scalar": torch.tensor(2.5), "empty": torch.zeros(0, 3),
}
save_file(tensors, HERE / "dtypes.safetensors", metadata={"format": "pt"})
print(f"dtypes: {len(tensors)} tensors")
