"""What bitsandbytes makes of numbers: NF4 in blocks, eight bits in rows; and what comes back."""

import torch
from bitsandbytes import functional as F

from common import Room

room = Room("quantization")


def nf4(name, rows, dim, block_size):
    values = room.normal(rows, dim, scale=0.05)
    codes, state = F.quantize_4bit(values, quant_type="nf4", blocksize=block_size)
    store("nf4", name, values, codes.flatten(), state.absmax, F.dequantize_4bit(codes, state), block_size)


def int8(name, rows, dim):
    values = room.normal(rows, dim, scale=0.05)
    codes, scales, _ = F.int8_vectorwise_quant(values)
    store("int8", name, values, codes, scales, F.int8_vectorwise_dequant(codes, scales), dim)


def store(kind, name, values, codes, scales, back, block_size):
    id = f"{kind}/{name}"
    for part, tensor in {"values": values, "codes": codes.int(), "scales": scales, "back": back}.items():
        room.put(f"{id}.{part}", tensor)
    room.cases.append({"id": id, "kind": kind, "blockSize": block_size})


nf4("blocks of 64", 8, 192, 64)
nf4("blocks of 128", 8, 256, 128)
int8("rows", 12, 100)
room.write()
