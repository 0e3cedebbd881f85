"""Writes baselines.json: TF-IDF and logistic regression as scikit-learn computes them.

Run: python tests/reference/make_baselines.py
"""
import json
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

random = np.random.default_rng(11)
WORDS = "The union's peace, war; Congress: gold a I tax-law 1865 naïve Straße commerce ships_at".split(" ")


def texts(count, classes):
    labels = np.arange(count) % classes
    favourites = np.array_split(np.arange(len(WORDS)), classes)
    made = []
    for label in labels:
        weights = np.ones(len(WORDS))
        weights[favourites[label]] = 4
        length = random.integers(3, 12)
        made.append(" ".join(random.choice(WORDS, length, p=weights / weights.sum())))
    return made, labels.tolist()


def case(classes, max_words, strength):
    train, labels = texts(40, classes)
    test = texts(10, classes)[0] + ["unknown words only", ""]
    vectorizer = TfidfVectorizer(ngram_range=(1, max_words))
    features = vectorizer.fit_transform(train)
    regression = LogisticRegression(C=strength, tol=1e-10, max_iter=10000).fit(features, labels)
    rows = vectorizer.transform(test)
    return {
        "classes": classes,
        "maxWords": max_words,
        "strength": strength,
        "train": train,
        "labels": labels,
        "test": test,
        "features": features.shape[1],
        "rows": [{"places": r.indices[np.argsort(r.indices)].tolist(), "values": r.data[np.argsort(r.indices)].tolist()} for r in rows],
        "probabilities": regression.predict_proba(rows).tolist(),
    }


cases = [case(*options) for options in [(2, 1, 1.0), (2, 2, 10.0), (3, 2, 1.0), (4, 1, 30.0)]]
Path(__file__).with_name("baselines.json").write_text(json.dumps(cases, ensure_ascii=False) + "\n")
