"""Writes scikit_learn.json: splits and metrics as scikit-learn 1.9 computes them.

Run: python tests/reference/make_scikit_learn.py
"""
import json
from pathlib import Path

import numpy as np
from sklearn import metrics
from sklearn.model_selection import (
    GroupKFold,
    KFold,
    PredefinedSplit,
    StratifiedGroupKFold,
    StratifiedKFold,
    TimeSeriesSplit,
)

random = np.random.default_rng(7)


def folds(splitter, n, labels=None, groups=None):
    return [
        {"train": train.tolist(), "test": test.tolist()}
        for train, test in splitter.split(np.zeros(n), labels, groups)
    ]


def split_cases():
    labels = random.choice(["ham", "spam", "other"], 41, p=[0.6, 0.3, 0.1]).tolist()
    # Sizes that all differ: among groups of equal size NumPy's sort leaves the order open.
    sizes = random.permutation(np.arange(1, 10))
    groups = random.permutation(np.repeat(np.arange(9), sizes)).tolist()
    grouped_labels = random.choice(["ham", "spam"], len(groups), p=[0.7, 0.3]).tolist()
    predefined = random.integers(-1, 3, 20).tolist()
    n = len(labels)
    return {
        "kFold": [{"count": c, "folds": k, "expected": folds(KFold(k), c)} for c, k in [(10, 5), (11, 3), (7, 7)]],
        "stratifiedKFold": [
            {"labels": labels, "folds": k, "expected": folds(StratifiedKFold(k), n, labels)}
            for k in [2, 3]
        ],
        "groupKFold": [
            {"groups": groups, "folds": k, "expected": folds(GroupKFold(k), len(groups), None, groups)}
            for k in [2, 3, 4]
        ],
        "stratifiedGroupKFold": [
            {
                "labels": grouped_labels,
                "groups": groups,
                "folds": k,
                "expected": folds(StratifiedGroupKFold(k), len(groups), grouped_labels, groups),
            }
            for k in [2, 3, 4]
        ],
        "timeSeriesSplit": [
            {
                "count": c,
                "options": {"folds": k, "gap": gap, "testSize": size, "maxTrainSize": most},
                "expected": folds(
                    TimeSeriesSplit(k, gap=gap, test_size=size, max_train_size=most), c
                ),
            }
            for c, k, gap, size, most in [(12, 3, 0, None, None), (25, 4, 2, 3, None), (25, 4, 1, 4, 5)]
        ],
        "predefinedSplit": [
            {"testFold": predefined, "expected": folds(PredefinedSplit(predefined), len(predefined))}
        ],
    }


def classification_case(actual, predicted):
    p, r, f, s = metrics.precision_recall_fscore_support(actual, predicted, zero_division=0)
    average = lambda a: dict(
        zip(
            ["precision", "recall", "f1"],
            metrics.precision_recall_fscore_support(actual, predicted, average=a, zero_division=0),
        )
    )
    return {
        "actual": actual,
        "predicted": predicted,
        "labels": sorted(set(actual) | set(predicted)),
        "accuracy": metrics.accuracy_score(actual, predicted),
        "confusion": metrics.confusion_matrix(actual, predicted).tolist(),
        "precision": p.tolist(),
        "recall": r.tolist(),
        "f1": f.tolist(),
        "support": s.tolist(),
        "averages": {a: average(a) for a in ["micro", "macro", "weighted"]},
        "kappa": metrics.cohen_kappa_score(actual, predicted),
    }


def ranking_case(actual, scores):
    fpr, tpr, _ = metrics.roc_curve(actual, scores, drop_intermediate=False)
    precision, recall, _ = metrics.precision_recall_curve(actual, scores)
    return {
        "actual": [bool(a) for a in actual],
        "scores": scores,
        "fpr": fpr.tolist(),
        "tpr": tpr.tolist(),
        "auc": metrics.roc_auc_score(actual, scores),
        "precision": precision[::-1].tolist(),
        "recall": recall[::-1].tolist(),
        "averagePrecision": metrics.average_precision_score(actual, scores),
    }


def metric_cases():
    classes = ["a", "b", "c", "d"]
    draw = lambda n, p: random.choice(classes, n, p=p).tolist()
    truth = random.integers(0, 2, 60)
    noisy = (truth * 0.4 + random.random(60)).round(1)
    probabilities = random.dirichlet([0.7, 0.7, 0.7], 50)
    labels = random.integers(0, 3, 50)
    return {
        "classification": [
            classification_case(draw(60, [0.4, 0.3, 0.2, 0.1]), draw(60, [0.4, 0.3, 0.2, 0.1])),
            classification_case(["a", "a", "b"], ["a", "a", "a"]),
            classification_case(["a", "b"], ["c", "c"]),
        ],
        "ranking": [
            ranking_case(truth.tolist(), noisy.tolist()),
            ranking_case([0, 1, 1, 0, 1], [0.1, 0.9, 0.8, 0.2, 0.7]),
            ranking_case([0, 1, 1, 0], [0.5, 0.5, 0.5, 0.5]),
        ],
        "logLoss": [
            {
                "actual": labels.tolist(),
                "probabilities": probabilities.tolist(),
                "expected": metrics.log_loss(labels, probabilities, labels=[0, 1, 2]),
            }
        ],
    }


if __name__ == "__main__":
    reference = {"splits": split_cases(), "metrics": metric_cases()}
    path = Path(__file__).with_name("scikit_learn.json")
    path.write_text(json.dumps(reference) + "\n", encoding="utf-8")
