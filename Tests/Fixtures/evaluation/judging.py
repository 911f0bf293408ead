"""Records what two models and their lists are worth on invented ratings, by loops over users.

    pip install numpy torch; python judging.py > judging.json

Both models are found here too, in double precision: a mean with shrunk biases, alternated ten times,
and counts with shrunk means. Parts of the ratings are drawn as `torch.randperm` draws.
"""
import json
import math

import numpy as np
import torch

SEED, FOLDS, K, RESAMPLES = 11, 3, 5, 50
METRICS = ["rmse", "mae", "ndcg", "recall", "precision", "hit", "map", "mrr", "coverage", "novelty"]
rng = np.random.default_rng(20)

ratings = []
for user in range(1, 41):
    count = int(rng.integers(8, 33))
    shares = 1 / np.arange(1, 51)
    items = rng.choice(np.arange(1, 51), count, replace=False, p=shares / shares.sum())
    for item in items:
        stars = 3.4 + 0.5 * math.sin(user) + 0.7 * math.cos(3 * item) + rng.normal() * 0.8
        ratings.append((user, int(item), int(min(5, max(1, round(stars))))))
ratings = [ratings[i] for i in rng.permutation(len(ratings))]
ITEMS = sorted({item for _, item, _ in ratings})
order = torch.randperm(len(ratings), generator=torch.manual_seed(SEED)).tolist()


def baseline(training):
    mean = sum(r for *_, r in training) / len(training)
    users, items = {}, {}
    for _ in range(10):
        for own, other, place, shrinkage in ((items, users, 1, 10), (users, items, 0, 15)):
            sums, counts = {}, {}
            for row in training:
                key = row[place]
                sums[key] = sums.get(key, 0) + row[2] - mean - other.get(row[1 - place], 0)
                counts[key] = counts.get(key, 0) + 1
            own.update({key: sums[key] / (counts[key] + shrinkage) for key in sums})
    return mean, users, items


def popular(training, mean):
    sums, counts = {}, {}
    for _, item, stars in training:
        sums[item] = sums.get(item, 0) + stars - mean
        counts[item] = counts.get(item, 0) + 1
    return counts, {item: sums[item] / (counts[item] + 10) for item in counts}


def parts(training, held, users=None, items=None):
    """What each model comes to for each user: {model: {user: figures}}, lists of K among unseen items."""
    mean, user_bias, item_bias = baseline(training)
    counts, popular_bias = popular(training, mean)
    seen = {}
    for user, item, _ in training:
        seen.setdefault(user, set()).add(item)
    rank = {
        "baseline": lambda item: np.float32(item_bias[item]),
        "popular": lambda item: counts[item],
    }
    star = {
        "baseline": lambda user, item: mean + user_bias[user] + item_bias[item],
        "popular": lambda user, item: mean + popular_bias[item],
    }
    found = {}
    for model in rank:
        ranking = sorted(counts, key=lambda item: (-rank[model](item), item))
        for user in sorted(seen):
            rows = [r for r in held if r[0] == user and (items is None or r[1] in items)]
            if not rows or users is not None and user not in users:
                continue
            figures = {"n": len(rows), "rmse": 0, "mae": 0, "lists": 0, "list": []}
            for _, item, stars in rows:
                # Of an item without a rating to learn from only the user's bias is known.
                guess = star[model](user, item) if item in counts else mean + user_bias[user]
                error = min(5, max(1, guess)) - stars
                figures["rmse"] += error * error
                figures["mae"] += abs(error)
            relevant = {item for _, item, stars in rows if stars >= 4} - seen[user]
            if relevant:
                listed = [item for item in ranking if item not in seen[user]][:K]
                hits = [place + 1 for place, item in enumerate(listed) if item in relevant]
                best = sum(1 / math.log2(place + 1) for place in range(1, min(K, len(relevant)) + 1))
                figures |= {
                    "lists": 1, "list": listed,
                    "ndcg": sum(1 / math.log2(place + 1) for place in hits) / best,
                    "recall": len(hits) / len(relevant), "precision": len(hits) / K,
                    "hit": float(bool(hits)), "mrr": 1 / hits[0] if hits else 0.0,
                    "map": sum((n + 1) / place for n, place in enumerate(hits)) / len(relevant),
                    "novelty": sum(-math.log2(counts[i] / len(seen)) for i in listed) / len(listed),
                }
            found.setdefault(model, {})[user] = figures
    return found


def figures(folds, model, weights=None):
    """The metrics of a model over one or several splits; `weights` says how often each user is there."""
    rows = [
        (weights[user] if weights else 1, figures)
        for found in folds for user, figures in found[model].items()
    ]
    ratings = sum(w * f["n"] for w, f in rows)
    lists = sum(w * f["lists"] for w, f in rows)
    result = {
        "rmse": math.sqrt(sum(w * f["rmse"] for w, f in rows) / ratings),
        "mae": sum(w * f["mae"] for w, f in rows) / ratings,
    }
    for metric in METRICS[2:]:
        result[metric] = sum(w * f.get(metric, 0) for w, f in rows) / lists
    covered = sum(
        len({i for u, f in found[model].items() if not weights or weights[u] for i in f["list"]})
        for found in folds)
    result["coverage"] = covered / (len(folds) * len(ITEMS))
    return [result[metric] for metric in METRICS]


def splitmix(seed):
    mask = (1 << 64) - 1
    while True:
        seed = (seed + 0x9E3779B97F4A7C15) & mask
        bits = ((seed ^ seed >> 30) * 0xBF58476D1CE4E5B9) & mask
        bits = ((bits ^ bits >> 27) * 0x94D049BB133111EB) & mask
        yield bits ^ bits >> 31


def draws(users, seed):
    """How often each user is in each resample."""
    for resample in range(RESAMPLES):
        first = next(splitmix(seed ^ ((resample + 1) * 0xD1342543DE82EF95) & ((1 << 64) - 1)))
        numbers, weights = splitmix(first), dict.fromkeys(users, 0)
        for _ in users:
            weights[users[next(numbers) * len(users) >> 64]] += 1
        yield weights


def interval(values, resampled, centre):
    """Percentiles of each metric; those of coverage are moved so that their mean is the value."""
    resampled = np.array(resampled)
    if centre:
        place = METRICS.index("coverage")
        resampled[:, place] += values[place] - resampled[:, place].mean()
    low, high = np.percentile(resampled, [2.5, 97.5], axis=0)
    return {"low": low.tolist(), "high": high.tolist()}, resampled


splits = []
for fold in range(FOLDS):
    held = set(order[len(order) * fold // FOLDS:len(order) * (fold + 1) // FOLDS])
    splits.append((
        [r for i, r in enumerate(ratings) if i not in held],
        [r for i, r in enumerate(ratings) if i in held]))
training, held = splits[0]
found = parts(training, held)
MODELS = ["baseline", "popular"]
values = {model: figures([found], model) for model in MODELS}
resamples = list(draws(sorted(found["baseline"]), seed=7))
resampled = {model: [figures([found], model, w) for w in resamples] for model in MODELS}
intervals, moved = {}, {}
for model in MODELS:
    intervals[model], moved[model] = interval(values[model], resampled[model], centre=True)
difference = (np.array(values["baseline"]) - np.array(values["popular"])).tolist()
paired, _ = interval(difference, moved["baseline"] - moved["popular"], centre=False)

# Users in three groups of about the same size by their ratings, items in the fifth rated most and others.
active, popularity = {}, {}
for user, item, _ in training:
    active[user] = active.get(user, 0) + 1
    popularity[item] = popularity.get(item, 0) + 1
by_count = sorted(active.values())
ends = [by_count[len(by_count) * n // 3 - 1] for n in (1, 2, 3)]
groups = []
for low, high in zip([0] + ends, ends):
    members = {user for user, count in active.items() if low < count <= high}
    groups.append(parts(training, held, users=members))
items = sorted(popularity, key=lambda item: (-popularity[item], item))
head = set(items[:len(items) // 5])
# Of an item without a rating to learn from nobody says how often it is rated.
groups += [parts(training, held, items=head), parts(training, held, items=set(items) - head)]

print(json.dumps({
    "users": [u for u, _, _ in ratings], "items": [i for _, i, _ in ratings],
    "stars": [s for _, _, s in ratings], "seed": SEED, "folds": FOLDS, "k": K, "resamples": RESAMPLES,
    "metrics": METRICS, "order": order, "values": values, "intervals": intervals,
    "difference": difference, "paired": paired,
    "groups": [figures([group], "baseline") for group in groups],
    "crossval": {
        model: figures([parts(*split) for split in splits], model) for model in MODELS},
}))
