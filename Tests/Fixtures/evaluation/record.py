"""Records what ranx and scikit-learn find on invented lists and ratings.

    pip install numpy scikit-learn ranx; python record.py > metrics.json

Equal scores are ordered by item before ranx sees them, since it orders them by chance.
"""
import json

import numpy as np
from ranx import Qrels, Run, evaluate
from sklearn.metrics import mean_absolute_error, root_mean_squared_error, roc_auc_score

rng = np.random.default_rng(7)
LISTS = ["ndcg", "recall", "precision", "hit_rate", "map", "mrr"]


def case(name, scores, candidates, relevant, unlisted, k):
    """Users as rows: scores of all items, those that may be listed, those that are relevant.

    `unlisted` counts relevant items that are not among the candidates of a user.
    """
    qrels, run, auc, lists = {}, {}, [], []
    for user, row in enumerate(scores):
        order = sorted(candidates[user], key=lambda item: (-row[item], item))
        lists.append(order[:k])
        if len(relevant[user]) + unlisted[user] == 0:
            continue
        known = {str(i): 1 for i in relevant[user]} | {f"x{n}": 1 for n in range(unlisted[user])}
        qrels[str(user)] = known
        run[str(user)] = {str(i): float(len(order) - place) for place, i in enumerate(order[:k])} or {"none": 0.0}
        labels = [item in relevant[user] for item in candidates[user]]
        if any(labels) and not all(labels):
            auc.append(roc_auc_score(labels, [row[item] for item in candidates[user]]))
    values = evaluate(Qrels(qrels), Run(run), [f"{m}@{k}" for m in LISTS])
    shown = {("hit" if m == "hit_rate" else m): float(values[f"{m}@{k}"]) for m in LISTS}
    shown["auc"] = float(np.mean(auc)) if auc else None
    return {
        "name": name, "k": k, "scores": np.asarray(scores).tolist(), "candidates": [list(map(int, c)) for c in candidates],
        "relevant": [list(map(int, r)) for r in relevant], "unlisted": list(map(int, unlisted)), "expected": shown,
    }


def some(users, items, k, name, scores=None, share=0.3):
    scores = rng.integers(0, 9, (users, items)) / 2 if scores is None else scores
    candidates = [sorted(rng.choice(items, max(1, int(items * 0.8)), replace=False)) for _ in range(users)]
    relevant = [sorted(i for i in c if rng.random() < share) for c in candidates]
    relevant[0] = relevant[0] or [candidates[0][0]]
    return case(name, scores, candidates, relevant, rng.integers(0, 2, users), k)


cases = [
    some(12, 20, 5, "ties"),
    some(12, 20, 10, "distinct scores", rng.permutation(240).reshape(12, 20) / 8.0),
    some(9, 15, 4, "users without relevant items", share=0.05),
    some(5, 6, 10, "k above the number of candidates"),
    some(8, 12, 3, "a constant model", np.full((8, 12), 3.5)),
    some(1, 10, 5, "one user"),
]
ratings = [dict(stars=(s := rng.integers(1, 6, n).astype(float)).tolist(), predictions=(p := np.clip(rng.normal(3.5, 1, n), 1, 5)).tolist(),
                rmse=float(root_mean_squared_error(s, p)), mae=float(mean_absolute_error(s, p))) for n in (1, 40)]
sample = rng.normal(size=101)
percentiles = dict(values=sample.tolist(), low=float(np.percentile(sample, 2.5)), high=float(np.percentile(sample, 97.5)))
print(json.dumps(dict(cases=cases, ratings=ratings, percentiles=percentiles)))
