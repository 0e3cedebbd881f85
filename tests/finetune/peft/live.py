"""Loads adapters with Hugging Face PEFT: reads a JSON list of cases, writes one of outputs.

Each case has `base` (a folder with config.json and model.safetensors), `adapter` (a folder),
`tokens` and `mask`; the output is the logits as a flat list.
"""

import json
import sys
import warnings

warnings.filterwarnings("ignore")
import peft
import torch
import transformers

results = []
for case in json.load(sys.stdin):
    with open(f"{case['base']}/config.json") as file:
        architecture = json.load(file)["architectures"][0]
    base = getattr(transformers, architecture).from_pretrained(case["base"], attn_implementation="eager")
    model = peft.PeftModel.from_pretrained(base, case["adapter"]).eval()
    with torch.no_grad():
        inputs = {"input_ids": torch.tensor(case["tokens"])}
        if case["mask"]:
            inputs["attention_mask"] = torch.tensor(case["mask"])
        logits = model(**inputs).logits
    time = len(case["tokens"][0])
    results.append((logits[:, -time:] if logits.ndim == 3 else logits).flatten().tolist())
json.dump(results, sys.stdout)
