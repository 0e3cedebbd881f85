"""The yardstick: training a small pre-LN GPT in PyTorch, and its matrix products.

    python torch_gpt.py train SIZE MODE THREADS     python torch_gpt.py gemm THREADS

Serves commands, one a line on stdin, and answers each with a line of JSON, so that the bench can
take turns with it: `export PATH` (initial weights and data as safetensors), `run SECONDS`
(times of steps, ms), `gemm LAYOUT N SECONDS` (GFLOP/s). The first answer comes unasked.
"""

import json
import os
import resource
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F


def resident():
    """Bytes resident now; the peak so far where the system tells nothing else."""
    try:
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return peak()


def peak():
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


AFTER_IMPORT = resident()

# V tokens in the vocabulary, T tokens a text, B texts a batch, d wide, L layers, H heads
SIZES = {
    "tiny": dict(V=256, T=32, B=16, d=64, L=2, H=4),
    "small": dict(V=512, T=64, B=16, d=128, L=4, H=4),
    "medium": dict(V=1024, T=128, B=8, d=256, L=6, H=8),
    "gpt2block": dict(V=1024, T=128, B=4, d=768, L=2, H=12),
}


class LoRA(nn.Module):
    def __init__(self, base, rank=8, alpha=16):
        super().__init__()
        self.base = base
        self.A = nn.Parameter(torch.randn(rank, base.in_features) * 0.02)
        self.B = nn.Parameter(torch.zeros(base.out_features, rank))
        self.scale = alpha / rank

    def forward(self, x):
        return self.base(x) + (x @ self.A.t() @ self.B.t()) * self.scale


class Block(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.heads = heads
        self.ln1 = nn.LayerNorm(d)
        self.q, self.k, self.v, self.o = (nn.Linear(d, d) for _ in range(4))
        self.ln2 = nn.LayerNorm(d)
        self.up = nn.Linear(d, 4 * d)
        self.down = nn.Linear(4 * d, d)

    def forward(self, x):
        B, T, d = x.shape
        h = self.ln1(x)
        q, k, v = (m(h).view(B, T, self.heads, -1).transpose(1, 2) for m in (self.q, self.k, self.v))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(B, T, d)
        x = x + self.o(y)
        return x + self.down(F.gelu(self.up(self.ln2(x)), approximate="tanh"))


class GPT(nn.Module):
    def __init__(self, V, T, B, d, L, H):
        super().__init__()
        self.tokens = nn.Embedding(V, d)
        self.positions = nn.Embedding(T, d)
        self.blocks = nn.ModuleList([Block(d, H) for _ in range(L)])
        self.norm = nn.LayerNorm(d)
        self.head = nn.Linear(d, V, bias=False)

    def forward(self, x, last=False):
        h = self.tokens(x) + self.positions.weight
        for block in self.blocks:
            h = block(h)
        h = self.norm(h)
        return self.head(h[:, -1] if last else h)


def build(size, mode):
    """The model, ready for its mode, and a batch; the same every time."""
    torch.manual_seed(0)
    model = GPT(**size)
    if mode != "full":
        model.requires_grad_(False)
    if mode == "lora":
        for block in model.blocks:
            block.q, block.v = LoRA(block.q), LoRA(block.v)
    if mode == "lora-all":
        for block in model.blocks:
            for part in ("q", "k", "v", "o", "up", "down"):
                setattr(block, part, LoRA(getattr(block, part)))
    if mode == "freeze":
        for part in (model.blocks[-1], model.norm, model.head):
            part.requires_grad_(True)
    x, y = (torch.randint(0, size["V"], (size["B"], size["T"])) for _ in range(2))
    return model, x, y


def answer(value):
    print(json.dumps(value), flush=True)


def serve_training(size, mode):
    model, x, y = build(size, mode)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-3)

    def step():
        loss = F.cross_entropy(model(x).view(-1, size["V"]), y.view(-1))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.item()

    losses = [step() for _ in range(10)]
    answer({
        "losses": losses, "memory": peak() - AFTER_IMPORT, "size": size, "version": torch.__version__,
        "parameters": sum(p.numel() for p in model.parameters()),
        "trained": sum(p.numel() for p in model.parameters() if p.requires_grad),
    })
    for line in sys.stdin:
        command, argument = line.split()
        if command == "export":
            from safetensors.torch import save_file

            fresh, x0, y0 = build(size, mode)
            state = {k: v.contiguous() for k, v in fresh.state_dict().items()}
            save_file({**state, "x": x0.int(), "y": y0.int()}, argument)
            answer({})
        else:
            times, end = [], time.perf_counter() + float(argument)
            while not times or time.perf_counter() < end:
                start = time.perf_counter()
                step()
                times.append((time.perf_counter() - start) * 1e3)
            answer({"times": times})


def serve_products():
    answer({"version": torch.__version__})
    for line in sys.stdin:
        _, layout, n, seconds = line.split()
        n = int(n)
        a, b = torch.randn(n, n), torch.randn(n, n)
        a, b = (a.t() if layout[0] == "T" else a), (b.t() if layout[1] == "T" else b)
        out = torch.empty(n, n)
        rounds = max(1, 20_000_000 // n**3)
        best, end = 0.0, time.perf_counter() + float(seconds)
        while time.perf_counter() < end:
            start = time.perf_counter()
            for _ in range(rounds):
                torch.matmul(a, b, out=out)
            best = max(best, 2e-9 * n**3 * rounds / (time.perf_counter() - start))
        answer({"gflops": best})


if __name__ == "__main__":
    torch.set_num_threads(int(sys.argv[-1]))
    if sys.argv[1] == "train":
        serve_training(SIZES[sys.argv[2]], sys.argv[3])
    else:
        serve_products()
