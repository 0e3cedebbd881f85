"""What transformers' chat templates and TRL's SFTTrainer make of conversations.

The first case is the tokenizer, trained here. "chat" cases hold a template in Jinja, conversations,
the text of each (without and with the opening of an answer), and the tokens and labels that
SFTTrainer prepared. A "batch" is all examples of a case as one batch, and the trainer's loss of it
and the loss's gradients of a small GPT-2's parameters; `sharedTokens` is the count it divided by
where the batch was one of several of a step.
"""

import json
import tempfile

import torch
import transformers
from datasets import Dataset
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast
from trl import SFTConfig, SFTTrainer

from common import Room

transformers.logging.set_verbosity_error()
room = Room("instruction")

SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|padding|>"]
CONVERSATIONS = [
    [
        {"role": "system", "content": "Answer in one word."},
        {"role": "user", "content": "What did the Pequod hunt?"},
        {"role": "assistant", "content": "Whales."},
        {"role": "user", "content": "And its captain?"},
        {"role": "assistant", "content": "One whale: the white one, ' Moby Dick' \u2014 Großwild 🐋"},
    ],
    [{"role": "user", "content": "  Who\n\nwrote it? "}, {"role": "assistant", "content": "\n Herman Melville\n"}],
    [{"role": "user", "content": "日本語?"}, {"role": "assistant", "content": "はい🙂"}],
]
CHAT_ML = """\
{%- for message in messages %}
    {%- if message.role == "assistant" %}
        {{- '<|im_start|>assistant\\n' }}
        {%- generation %}
        {{- message.content + '<|im_end|>' }}
        {%- endgeneration %}
        {{- '\\n' }}
    {%- else %}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}
"""
# White space is left to trim_blocks and lstrip_blocks here, and the roles to loops and conditions.
LINES = """\
{{ bos_token }}{% if messages[0]['role'] == 'system' %}
  {% set rules = messages[0]['content'] | trim %}
Rules: {{ rules }}
{% set messages = messages[1:] %}
{% else %}
{% endif %}
{% for message in messages %}
    {% if message['role'] == 'user' %}
Q{{ loop.index }}: {{ message['content'] | trim }}
    {% elif message['role'] == 'assistant' %}
A:{% generation %} {{ message['content'] | trim }}{{ eos_token }}
    {% endgeneration %}
    {% else %}
{{ raise_exception('Only users and assistants speak') }}
    {% endif %}
{% endfor %}
{% if add_generation_prompt %}A:{% endif %}"""


def tokenizer():
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    texts = [message["content"] for conversation in CONVERSATIONS for message in conversation]
    made.train_from_iterator(texts * 3 + ["\n\n\n\n"] * 4, trainers.BpeTrainer(
        vocab_size=320, special_tokens=SPECIALS, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    ))
    room.cases.append({"id": "tokenizer", "json": json.loads(made.to_str())})
    return PreTrainedTokenizerFast(
        tokenizer_object=made, bos_token="<|endoftext|>", eos_token="<|im_end|>", pad_token="<|padding|>",
    )


def small_gpt(vocabulary):
    model = GPT2LMHeadModel(GPT2Config(
        vocab_size=vocabulary, n_positions=128, n_embd=12, n_layer=1, n_head=2, resid_pdrop=0, embd_pdrop=0,
        attn_pdrop=0,
    ))
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            drawn = room.normal(*parameter.shape, scale=0.3)
            parameter.copy_(1 + drawn if ".ln_" in key and key.endswith("weight") else drawn)
    stored = [key for key, _ in model.named_parameters()]
    for key, parameter in model.named_parameters():
        room.put(f"model.state.{key}", parameter)
    config = {**json.loads(model.config.to_json_string()), "architectures": ["GPT2LMHeadModel"]}
    room.cases.append({"id": "model", "config": config, "state": stored})
    return model


TOKENIZER = tokenizer()
MODEL = small_gpt(len(TOKENIZER))


def prepared(records, template=None, **settings):
    """What SFTTrainer makes of records, its loss of them as one batch, and the gradients."""
    with tempfile.TemporaryDirectory() as folder:
        TOKENIZER.chat_template = template
        trainer = SFTTrainer(
            MODEL, train_dataset=Dataset.from_list(records), processing_class=TOKENIZER,
            args=SFTConfig(
                output_dir=folder, use_cpu=True, report_to=[], bf16=False, gradient_checkpointing=False,
                dataset_num_proc=None, **{"max_length": None, **settings},
            ),
        )
    rows = trainer.train_dataset
    return trainer, [{"ids": row["input_ids"], "labels": row["labels"]} for row in rows]


def batch(id, trainer, examples, shared_tokens=None):
    inputs = trainer.data_collator([{"input_ids": e["ids"], "labels": e["labels"]} for e in examples])
    for key, name in {"input_ids": "tokens", "attention_mask": "mask", "labels": "labels"}.items():
        room.put(f"{id}.{name}", inputs[key])
    model = trainer.model.double().train()
    model.zero_grad()
    shared = None if shared_tokens is None else torch.tensor(shared_tokens)
    loss = trainer.compute_loss(model, dict(inputs), num_items_in_batch=shared)
    loss.backward()
    room.put(f"{id}.loss", loss)
    for key, parameter in model.named_parameters():
        room.put(f"{id}.stategrad.{key}", parameter.grad)
    model.float()


def chat(name, template, *, learn="answers", conversations=CONVERSATIONS, shared_tokens=None, **settings):
    if learn == "last":
        records = [{"prompt": c[:-1], "completion": c[-1:]} for c in conversations]
        settings["completion_only_loss"] = True
    else:
        records = [{"messages": c} for c in conversations]
        settings["assistant_only_loss"] = learn == "answers"
    trainer, examples = prepared(records, template, **settings)
    TOKENIZER.chat_template = template
    texts = [TOKENIZER.apply_chat_template(c, tokenize=False) for c in conversations]
    prompts = [TOKENIZER.apply_chat_template(c[:-1], tokenize=False, add_generation_prompt=True) for c in conversations]
    batch(f"chat/{name}", trainer, examples, shared_tokens)
    room.cases.append({
        "id": f"chat/{name}", "kind": "chat", "template": template, "conversations": conversations,
        "learn": learn, "maxLength": settings.get("max_length"),
        "keep": {"keep_end": "end"}.get(settings.get("truncation_mode"), "start"),
        "texts": texts, "prompts": prompts, "examples": examples, "sharedTokens": shared_tokens,
    })


def completion(name, records):
    trainer, examples = prepared([dict(record) for record in records], completion_only_loss=True)
    batch(f"completion/{name}", trainer, examples)
    room.cases.append({
        "id": f"completion/{name}", "kind": "completion", "records": records, "endToken": TOKENIZER.eos_token,
        "examples": examples, "sharedTokens": None,
    })


chat("ChatML, answers", CHAT_ML)
chat("ChatML, the last message", CHAT_ML, learn="last")
chat("ChatML, everything", CHAT_ML, learn="everything")
chat("ChatML, cut at the end", CHAT_ML, max_length=60)
chat("ChatML, cut at the start", CHAT_ML, max_length=60, truncation_mode="keep_end")
chat("ChatML, one batch of several", CHAT_ML, shared_tokens=100)
chat("lines, answers", LINES)
chat("lines, the last message", LINES, learn="last")
completion("plain text", [
    {"prompt": "The whale is", "completion": " white."},
    {"prompt": "Call me", "completion": " Ishmael.<|im_end|>"},
    {"prompt": "Tokens that merge across the border: the wha", "completion": "les"},
])
room.write()
