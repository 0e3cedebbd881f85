"""The yardstick for work on texts: tokenizers, torch's DataLoader, a classifier trained in PyTorch.

    python torch_texts.py MATERIAL THREADS

Says first which of the two packages are missing. Then each line of stdin names a piece of work
(`train`, `encode`, `load`, `epoch`), and the answer says how many seconds it took and what came out.
"""

import json
import sys
import time

LACKS = []
try:
    import tokenizers
except ImportError:
    LACKS.append("tokenizers")
try:
    import torch
    import torch.nn as nn
    import torch.nn.functional as F
    from torch.utils.data import DataLoader

    from torch_gpt import GPT, SIZES
except ImportError:
    LACKS.append("torch")

with open(sys.argv[1], encoding="utf-8") as file:
    MATERIAL = json.load(file)
TRAINED = []


def train():
    def work():
        made = tokenizers.Tokenizer(tokenizers.models.BPE())
        made.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
        made.train_from_iterator(MATERIAL["lines"], tokenizers.trainers.BpeTrainer(
            vocab_size=MATERIAL["vocabSize"], min_frequency=2, special_tokens=["<|endoftext|>"],
            initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(), show_progress=False,
        ))
        TRAINED[:] = [made]
        return made.get_vocab_size()

    return work


def encode():
    return lambda: sum(len(encoding.ids) for encoding in TRAINED[0].encode_batch(MATERIAL["lines"]))


def rectangle(rows):
    rows = [torch.tensor(row, dtype=torch.int32) for row in rows]
    tokens = nn.utils.rnn.pad_sequence(rows, batch_first=True)
    mask = nn.utils.rnn.pad_sequence([torch.ones_like(row) for row in rows], batch_first=True)
    return tokens, mask


def load():
    loader = DataLoader(
        MATERIAL["examples"], batch_size=MATERIAL["batchSize"], shuffle=True, collate_fn=rectangle,
    )
    return lambda: sum(int(mask.sum()) for _, mask in loader)


def epoch():
    size = SIZES[MATERIAL["size"]]
    model = GPT(**size)
    model.head = nn.Linear(size["d"], 2, bias=False)
    for parameter in model.parameters():
        if parameter.ndim > 1:
            nn.init.normal_(parameter, std=0.02)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    loader = DataLoader(
        MATERIAL["classified"], batch_size=size["B"],
        collate_fn=lambda rows: (
            torch.tensor([row["ids"] for row in rows]), torch.tensor([row["label"] for row in rows]),
        ),
    )

    def work():
        losses = []
        for tokens, labels in loader:
            loss = F.cross_entropy(model(tokens, last=True), labels)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return sum(losses) / len(losses)

    return work


if __name__ == "__main__":
    if "torch" not in LACKS:
        torch.manual_seed(0)
        torch.set_num_threads(int(sys.argv[2]))
    print(json.dumps({"lacks": LACKS}), flush=True)
    for line in sys.stdin:
        work = {"train": train, "encode": encode, "load": load, "epoch": epoch}[line.strip()]()
        start = time.perf_counter()
        result = work()
        print(json.dumps({"seconds": time.perf_counter() - start, "result": result}), flush=True)
