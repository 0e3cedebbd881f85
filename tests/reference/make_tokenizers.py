"""Writes tokenizers.json: what Hugging Face `tokenizers` 0.23.3 makes of a small corpus.

Run: python tests/reference/make_tokenizers.py
"""
import json
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

CORPUS = [
    "Four score and seven years ago our fathers brought forth, on this continent, a new nation, "
    "conceived in liberty, and dedicated to the proposition that all men are created equal.",
    "It's the whale's whiteness that above all things appalled me. 'Call me Ishmael.' I'll say it "
    "again:   whales, whaling, whalers; the whale, the whale, the WHALE!\n\n\tChapter 42.\n",
    "Tab\tand  double spaces, numbers 1790 and 2021, 3.14 %, e-mail: someone@example.com <b>bold</b>",
    "Größe, naïve, Ελληνικά, 日本語のテキスト, 微调 and 冻结, emoji 🙂🙂🙃, aaaaaaaaaaaa, abababababab",
    "<|endoftext|>the end<|endoftext|>",
    "",
]
TEXTS = CORPUS + ["Unseen words: zebra, Ω≈ç√, \u200b, \r\n, 'S 'Re don't DON'T", " ", "a" * 50]


def byte_level_bpe(vocab_size, min_frequency, specials):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        min_frequency=min_frequency,
        special_tokens=specials,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    # The trainer sees no special tokens in real use: they are put between texts, not in them.
    parts = [part for text in CORPUS for part in text.split("<|endoftext|>")]
    tokenizer.train_from_iterator(parts, trainer)
    vocab = sorted(tokenizer.get_vocab().items(), key=lambda entry: entry[1])
    return {
        "options": {
            "vocabSize": vocab_size,
            "minFrequency": min_frequency,
            "specialTokens": specials,
        },
        "tokens": [token for token, _ in vocab],
        "ids": [tokenizer.encode(text).ids for text in TEXTS],
    }


def word_piece():
    words = "the whale s white ##ness ##d ##s and seven years ago four score big grosse".split()
    vocab = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words, ".", ",", "'", "!", "-"]
    tokenizer = Tokenizer(models.WordPiece({w: i for i, w in enumerate(vocab)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    tokenizer.add_special_tokens(vocab[:5])
    texts = ["The whale's whiteness!", "Four score, and seven years ago.", "Größe", ""]
    plain = [tokenizer.encode(text).ids for text in texts]
    pair = tokenizer.encode("The whale", "four score").ids
    tokenizer.enable_truncation(5)
    return {
        "json": json.loads(_untruncated(tokenizer)),
        "texts": texts,
        "ids": plain,
        "pair": {"texts": ["The whale", "four score"], "ids": pair},
        "maxLength": 5,
        "truncated": [tokenizer.encode(text).ids for text in texts],
    }


def _untruncated(tokenizer):
    copy = Tokenizer.from_str(tokenizer.to_str())
    copy.no_truncation()
    return copy.to_str()


if __name__ == "__main__":
    reference = {
        "corpus": CORPUS,
        "texts": TEXTS,
        "bpe": [
            byte_level_bpe(257, 2, ["<|endoftext|>"]),
            byte_level_bpe(300, 2, ["<|endoftext|>"]),
            byte_level_bpe(400, 1, ["<|endoftext|>", "<|padding|>"]),
            byte_level_bpe(2000, 2, ["<|endoftext|>"]),  # runs out of pairs
        ],
        "wordPiece": word_piece(),
    }
    path = Path(__file__).with_name("tokenizers.json")
    path.write_text(json.dumps(reference, ensure_ascii=True) + "\n", encoding="utf-8")
