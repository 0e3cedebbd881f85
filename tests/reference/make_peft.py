"""Adapters of Hugging Face PEFT on small models: what they compute, learn, and store.

Each case names its base (`base/<name>` holds the weights, once) and has the adapter's own files: its
`adapter_config.json` in the case, its tensors as `<id>.adapter.<name in the file>`. Beside the output
there are the gradients of all that trains, `<id>.grad.<name>`, and its values after three steps of
AdamW, `<id>.after.<name>`.
"""

import contextlib
import io
import json
import tempfile
import warnings

import peft
import torch
import transformers
from safetensors.torch import load_file

from common import Room

warnings.filterwarnings("ignore")
room = Room("peft")
VOCABULARY, BATCH, TIME = 29, 2, 6
GPT = {"vocab_size": VOCABULARY, "n_positions": 16, "n_embd": 12, "n_layer": 2, "n_head": 3, "n_inner": 20}
BERT = {
    "vocab_size": VOCABULARY, "max_position_embeddings": 16, "hidden_size": 12, "num_hidden_layers": 2,
    "num_attention_heads": 3, "intermediate_size": 20,
}
LLAMA = {
    "vocab_size": VOCABULARY, "max_position_embeddings": 16, "hidden_size": 16, "num_hidden_layers": 2,
    "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 20,
}
BASES = {
    "gpt": ("GPT2LMHeadModel", GPT),
    "gpt classifier": ("GPT2ForSequenceClassification", {**GPT, "num_labels": 3}),
    "bert classifier": ("BertForSequenceClassification", {**BERT, "num_labels": 3}),
    "bert tagger": ("BertForTokenClassification", {**BERT, "num_labels": 3}),
    "llama": ("LlamaForCausalLM", LLAMA),
}
stored_bases = {}


def base(name):
    architecture, config = BASES[name]
    kind = getattr(transformers, architecture)
    made = kind(kind.config_class(
        **config, pad_token_id=0, bos_token_id=1, eos_token_id=2, attn_implementation="eager",
    )).eval()
    if name not in stored_bases:
        with torch.no_grad():
            for key, parameter in made.named_parameters():
                drawn = room.normal(*parameter.shape, scale=0.3)
                is_norm = "norm" in key.lower() or ".ln_" in key
                parameter.copy_(1 + drawn if is_norm and key.endswith("weight") else drawn)
        stored_bases[name] = made.state_dict()
        names = [key for key, _ in made.named_parameters()]
        for key in names:
            room.put(f"base/{name}.state.{key}", made.state_dict()[key])
        room.cases.append({
            "id": f"base/{name}", "kind": "base", "state": names,
            "config": {**json.loads(made.config.to_json_string()), "architectures": [architecture]},
        })
    made.load_state_dict(stored_bases[name])
    return made


def stored(model, values):
    """What an adapter's file would hold if its parameters had these values."""
    state = {**model.state_dict(), **values}
    config = model.active_peft_config
    if config.is_prompt_learning:
        # An MLP's own parameters are in no file.
        own = {
            key.removeprefix("prompt_encoder.default."): value
            for key, value in values.items() if key.startswith("prompt_encoder.")
        }
        if not getattr(config, "prefix_projection", False):
            own = {"prompt_embeddings": own["embedding.weight"]}
        for key, value in values.items():
            if ".modules_to_save.default." in key:
                own[key.replace(".modules_to_save.default", "")] = value
        return own
    return peft.get_peft_model_state_dict(model, state_dict=state)


def case(name, base_name, config, *, padded=True):
    id = f"{base_name}/{name}"
    with contextlib.redirect_stderr(io.StringIO()):
        model = peft.get_peft_model(base(base_name), config)
    words = io.StringIO()
    with contextlib.redirect_stdout(words):
        model.print_trainable_parameters()
    model = model.double().eval()
    trained = {key: p for key, p in model.named_parameters() if p.requires_grad}
    with torch.no_grad():
        for key, parameter in trained.items():
            drawn = room.normal(*parameter.shape, scale=0.3).double()
            near_one = "ia3_l" in key or "ln_tuning" in key and key.endswith("weight")
            parameter.copy_(parameter + drawn if "magnitude" in key else 1 + drawn if near_one else drawn)
    projected = getattr(config, "prefix_projection", False)
    if projected:
        for key, value in stored(model, trained).items():
            room.put(f"{id}.own.{key}", value)
    folder = tempfile.mkdtemp()
    model.float().save_pretrained(folder)
    model.double()
    for key, value in load_file(f"{folder}/adapter_model.safetensors").items():
        room.put(f"{id}.adapter.{key}", value)
    tokens = room.integers(VOCABULARY - 1, BATCH, TIME) + 1
    mask = torch.ones(BATCH, TIME, dtype=torch.int32)
    if padded:
        mask[1, TIME - 2:] = 0
    tokens = tokens * mask

    def run():
        return model(input_ids=tokens.long(), attention_mask=mask.long()).logits

    output = run()
    of_tokens = output.ndim == 3
    if of_tokens:
        output = output[:, -TIME:]  # without the prompt's own
    up = room.normal(*output.shape)
    if of_tokens:
        up = up * mask.reshape(BATCH, TIME, 1)

    def loss():
        result = run()
        return ((result[:, -TIME:] if of_tokens else result) * up.double()).sum()

    # A large eps: keys' biases have no gradient but rounding, which Adam would blow up to whole steps.
    optimizer = torch.optim.AdamW(trained.values(), lr=1e-2, eps=1e-3)
    for step in range(3):
        optimizer.zero_grad()
        loss().backward()
        if step == 0:
            gradients = stored(model, {key: p.grad.clone() for key, p in trained.items()})
            for key, value in gradients.items():
                room.put(f"{id}.grad.{key}", value)
        optimizer.step()
    after = stored(model, {key: p.detach() for key, p in trained.items()})
    for key, value in after.items():
        room.put(f"{id}.after.{key}", value)
    for key, value in {"in0": tokens, "in1": mask, "out0": output, "up0": up}.items():
        room.put(f"{id}.{key}", value)
    with open(f"{folder}/adapter_config.json") as file:
        written = json.load(file)
    files = load_file(f"{folder}/adapter_model.safetensors")
    room.cases.append({
        "id": id, "kind": "adapter", "trained": sorted(gradients), "base": f"base/{base_name}", "ofTokens": of_tokens, "padded": padded,
        "stored": sorted(files), "summary": words.getvalue().strip(), "config": written,
    })


LM, CLASSES, TAGS = {"task_type": "CAUSAL_LM"}, {"task_type": "SEQ_CLS"}, {"task_type": "TOKEN_CLS"}
lora = peft.LoraConfig
case("lora", "gpt", lora(**LM, r=4, lora_alpha=6))
case("lora all-linear rslora", "gpt", lora(**LM, r=3, lora_alpha=5, target_modules="all-linear", use_rslora=True))
case("dora all biases", "gpt", lora(**LM, r=2, use_dora=True, bias="all", layers_to_transform=[1]))
case("lora own biases", "gpt", lora(**LM, r=2, bias="lora_only", target_modules=["c_attn", "c_fc"]))
case("lora patterns", "gpt", lora(
    **LM, r=2, lora_alpha=4, target_modules=r".*\.(c_attn|c_fc|c_proj)", exclude_modules=["h.0.attn.c_proj"],
    rank_pattern={"c_fc": 3, r"h\.1\.attn\.c_proj": 5}, alpha_pattern={"c_fc": 7},
))
case("lora and modules to save", "gpt classifier", lora(**CLASSES, r=4, modules_to_save=["h.1.mlp"]))
case("lora", "bert classifier", lora(**CLASSES, r=4))
case("dora all-linear", "bert classifier", lora(**CLASSES, r=2, use_dora=True, target_modules="all-linear"))
case("lora", "bert tagger", lora(**TAGS, r=4))
case("lora all-linear", "llama", lora(**LM, r=4, target_modules="all-linear"))
prefix, prompt = peft.PrefixTuningConfig, peft.PromptTuningConfig
case("prefix", "gpt", prefix(**LM, num_virtual_tokens=4))
case("prefix", "gpt classifier", prefix(**CLASSES, num_virtual_tokens=3))
case("prefix", "bert classifier", prefix(**CLASSES, num_virtual_tokens=3))
case("prefix", "llama", prefix(**LM, num_virtual_tokens=4))
case("prefix with mlp", "gpt", prefix(**LM, num_virtual_tokens=4, prefix_projection=True, encoder_hidden_size=7))
case("prompt", "gpt", prompt(**LM, num_virtual_tokens=4))
case("prompt", "gpt classifier", prompt(**CLASSES, num_virtual_tokens=3), padded=False)
case("prompt", "bert classifier", prompt(**CLASSES, num_virtual_tokens=3))
case("prompt", "bert tagger", prompt(**TAGS, num_virtual_tokens=3))
case("prompt", "llama", prompt(**LM, num_virtual_tokens=4))
ia3, norms = peft.IA3Config, peft.LNTuningConfig
case("ia3", "gpt", ia3(**LM))
case("ia3", "bert classifier", ia3(**CLASSES))
case("ia3", "llama", ia3(**LM))
case("ia3 by name", "gpt classifier", ia3(**CLASSES, target_modules=["c_fc", "c_proj"], feedforward_modules=["c_proj"]))
case("norms", "gpt", norms(**LM))
case("norms", "bert classifier", norms(**CLASSES, target_modules=["LayerNorm"]))
case("norms", "llama", norms(**LM))


class Bottleneck(torch.nn.Module):
    def __init__(self, inner, size):
        super().__init__()
        self.inner = inner
        dim = inner.nf if hasattr(inner, "nf") else inner.out_features
        self.adapter_down, self.adapter_up = torch.nn.Linear(dim, size), torch.nn.Linear(size, dim)

    def forward(self, x):
        y = self.inner(x)
        return y + self.adapter_up(torch.nn.functional.gelu(self.adapter_down(y)))


def own_case(name, base_name, config, prepare):
    """A method that PEFT doesn't have, in PyTorch; `prepare` gives what trains, by the names in files."""
    id = f"{base_name}/{name}"
    model = base(base_name).requires_grad_(False)
    trained = {f"base_model.model.{key}": p for key, p in prepare(model).items()}
    if hasattr(model, "classifier"):
        trained |= {f"base_model.model.classifier.{key}": p for key, p in model.classifier.named_parameters()}
    for parameter in trained.values():
        parameter.requires_grad_(True)
    model.double().eval()
    with torch.no_grad():
        for parameter in trained.values():
            parameter.copy_(room.normal(*parameter.shape, scale=0.3).double())
    for key, value in trained.items():
        room.put(f"{id}.adapter.{key}", value)
    tokens = room.integers(VOCABULARY - 1, BATCH, TIME) + 1
    mask = torch.ones(BATCH, TIME, dtype=torch.int32)

    def run():
        return model(input_ids=tokens.long(), attention_mask=mask.long()).logits

    output = run()
    up = room.normal(*output.shape)
    optimizer = torch.optim.AdamW(trained.values(), lr=1e-2, eps=1e-3)
    for step in range(3):
        optimizer.zero_grad()
        (run() * up.double()).sum().backward()
        if step == 0:
            for key, value in trained.items():
                room.put(f"{id}.grad.{key}", value.grad)
        optimizer.step()
    for key, value in trained.items():
        room.put(f"{id}.after.{key}", value)
    for key, value in {"in0": tokens, "in1": mask, "out0": output, "up0": up}.items():
        room.put(f"{id}.{key}", value)
    count = sum(p.numel() for p in trained.values())
    total = sum(p.numel() for p in {*model.parameters(), *trained.values()})
    total += sum(p.numel() for p in getattr(model, "classifier", torch.nn.Module()).parameters())  # the copy
    room.cases.append({
        "id": id, "kind": "own", "base": f"base/{base_name}", "ofTokens": output.ndim == 3, "padded": False,
        "trained": sorted(trained), "stored": sorted(trained), "config": config,
        "summary": f"trainable params: {count:,d} || all params: {total:,d} || trainable%: {100 * count / total:.4f}",
    })


def all_biases(model):
    return {key: p for key, p in model.named_parameters() if key.endswith(".bias") and "classifier" not in key}


def bottlenecks(model):
    trained = {}
    for path, module in list(model.named_modules()):
        if path.endswith((".attn.c_proj", ".mlp.c_proj", ".output.dense", ".o_proj", ".down_proj")):
            wrapped = Bottleneck(module, 4)
            model.set_submodule(path, wrapped)
            trained |= {f"{path}.{key}": p for key, p in wrapped.named_parameters() if key.startswith("adapter_")}
    return trained


for which in ["gpt", "bert classifier"]:
    own_case("biases", which, {"peft_type": "BITFIT"}, all_biases)
for which in ["gpt", "bert classifier", "llama"]:
    own_case("bottlenecks", which, {"peft_type": "BOTTLENECK", "bottleneck_size": 4}, bottlenecks)
room.write()
