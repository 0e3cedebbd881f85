"""Small models of transformers with drawn weights: outputs, and the gradients of all parameters.

Each case names the class and holds its config.json; the weights are stored as the model's own file
would hold them, `<id>.state.<name>`, their gradients as `<id>.stategrad.<name>`. Texts are padded on
the right; outputs of padded tokens are stored but have no gradient. A third input are token types.
"""

import json

import torch
import transformers

from common import HERE, REDUCTION, Room

room = Room("models")
VOCABULARY = 29
SMALL_GPT = {"vocab_size": VOCABULARY, "n_positions": 11, "n_embd": 12, "n_layer": 2, "n_head": 3, "n_inner": 20}
SMALL_BERT = {
    "vocab_size": VOCABULARY, "max_position_embeddings": 11, "hidden_size": 12, "num_hidden_layers": 2,
    "num_attention_heads": 3, "intermediate_size": 20,
}
SMALL_LLAMA = {
    "vocab_size": VOCABULARY, "max_position_embeddings": 11, "hidden_size": 16, "num_hidden_layers": 2,
    "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 20,
}


def padded_texts(batch, time):
    tokens = room.integers(VOCABULARY - 1, batch, time) + 1
    mask = torch.ones(batch, time, dtype=torch.int32)
    for row in range(1, batch):
        mask[row, time - row * 2:] = 0
    return tokens * mask, mask


def only_output(result):
    """The scores, the two scores of a span side by side, or the hidden states."""
    if "start_logits" in result:
        return torch.stack([result.start_logits, result.end_logits], -1)
    return result.logits if "logits" in result else result.last_hidden_state


def model(name, architecture, config, *, of_tokens=True, batch=3, time=7, pairs=False):
    id = f"{architecture}/{name}"
    kind = getattr(transformers, architecture)
    made = kind(kind.config_class(**config, pad_token_id=0, attn_implementation="eager")).double().eval()
    with torch.no_grad():
        for key, parameter in made.named_parameters():
            drawn = room.normal(*parameter.shape, scale=0.3)
            # Norms near one, as they are in trained models.
            parameter.copy_(1 + drawn if "norm" in key.lower() or ".ln_" in key and key.endswith("weight") else drawn)
    tokens, mask = padded_texts(batch, time)
    types = torch.arange(time).repeat(batch, 1).ge(3).int()
    further = {"token_type_ids": types.long()} if pairs else {}
    output = only_output(made(input_ids=tokens.long(), attention_mask=mask.long(), **further))
    up = room.normal(*output.shape)
    if of_tokens:
        up = up * mask.reshape(batch, time, *[1] * (output.ndim - 2))
    (output * up.double()).sum().backward()
    stored_inputs = {"in0": tokens, "in1": mask, **({"in2": types} if pairs else {})}
    for key, value in {**stored_inputs, "out0": output, "up0": up}.items():
        room.put(f"{id}.{key}", value)
    stored = []
    for key, parameter in made.named_parameters():  # a tied one comes once
        stored.append(key)
        room.put(f"{id}.state.{key}", parameter)
        gradient = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
        room.put(f"{id}.stategrad.{key}", gradient)
    room.cases.append({
        "id": id, "op": architecture, "ofTokens": of_tokens, "tolerance": REDUCTION, "state": stored,
        "config": {**json.loads(made.config.to_json_string()), "architectures": [architecture]},
    })


model("hidden states", "GPT2Model", SMALL_GPT)
model("tied", "GPT2LMHeadModel", SMALL_GPT)
model("untied", "GPT2LMHeadModel", {**SMALL_GPT, "tie_word_embeddings": False, "activation_function": "relu"})
model("three labels", "GPT2ForSequenceClassification", {**SMALL_GPT, "num_labels": 3}, of_tokens=False)
model("three labels", "GPT2ForTokenClassification", {**SMALL_GPT, "num_labels": 3})
model("span", "GPT2ForQuestionAnswering", SMALL_GPT)
model("hidden states", "BertModel", SMALL_BERT)
model("tied", "BertForMaskedLM", SMALL_BERT)
model("three labels", "BertForSequenceClassification", {**SMALL_BERT, "num_labels": 3}, of_tokens=False)
model("three labels", "BertForTokenClassification", {**SMALL_BERT, "num_labels": 3, "type_vocab_size": 1})
model("span in a pair", "BertForQuestionAnswering", {**SMALL_BERT, "hidden_act": "gelu_new"}, pairs=True)
model("hidden states", "LlamaModel", SMALL_LLAMA)
model("grouped and tied", "LlamaForCausalLM", {**SMALL_LLAMA, "tie_word_embeddings": True})
model("untied with biases", "LlamaForCausalLM", {
    **SMALL_LLAMA, "num_key_value_heads": 4, "head_dim": 6, "attention_bias": True, "mlp_bias": True,
    "rope_parameters": {"rope_type": "linear", "rope_theta": 500.0, "factor": 2.0},
})
model("three labels", "LlamaForSequenceClassification", {
    **SMALL_LLAMA, "num_labels": 3,
    "rope_parameters": {
        "rope_type": "llama3", "rope_theta": 500.0, "factor": 4.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
        "original_max_position_embeddings": 64,
    },
}, of_tokens=False)
model("three labels", "LlamaForTokenClassification", {**SMALL_LLAMA, "num_labels": 3})
model("span", "LlamaForQuestionAnswering", SMALL_LLAMA)
room.write()
