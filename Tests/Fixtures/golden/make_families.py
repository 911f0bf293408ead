"""Writes families_small.json: what popular, itemknn and als find on small.csv.

Their formulas in double precision, with dense matrices, for the split of small_seed42.json: counts and
shrunk means; similarities and predictions beside Surprise's KNNBaseline (pearson_baseline), of which
only some neighbours are kept; alternating least squares from given factors. Needs numpy.
"""
import csv
import json
import pathlib

import numpy as np

here = pathlib.Path(__file__).parent
rows = list(csv.DictReader(open(here / "small.csv")))
split = json.load(open(here / "small_seed42.json"))["split"]
train, valid = ([rows[i] for i in split[part]] for part in ("train", "valid"))
users = sorted({int(row["user"]) for row in train})
items = sorted({row["title"] for row in rows})
# Place 0 is #na#.
user_count, item_count = len(users) + 1, len(items) + 1


def places(part):
    known = {user: n + 1 for n, user in enumerate(users)}
    return (
        np.array([known.get(int(row["user"]), 0) for row in part]),
        np.array([items.index(row["title"]) + 1 for row in part]),
        np.array([float(row["rating"]) for row in part]),
    )


u, i, r = places(train)
vu, vi, vr = places(valid)
mean = r.mean()


def sums(index, values, count):
    return np.bincount(index, values, count)


def loss(predictions):
    return float(np.mean((predictions - vr) ** 2))


# popular
numbers = np.bincount(i, minlength=item_count)
item_means = sums(i, r - mean, item_count) / (10 + numbers)
popular = {
    "counts": numbers.tolist(),
    "relevant": np.bincount(i[r >= 4], minlength=item_count).tolist(),
    "bias": item_means.tolist(),
    "valid_loss": loss(mean + item_means[vi]),
}

# itemknn
K, KEPT, SHRINK = 5, 8, 20
user_bias, item_bias = np.zeros(user_count), np.zeros(item_count)
for _ in range(10):
    item_bias = sums(i, r - mean - user_bias[u], item_count) / (10 + numbers)
    user_bias = sums(u, r - mean - item_bias[i], user_count) / (15 + np.bincount(u, minlength=user_count))
left = r - mean - user_bias[u] - item_bias[i]


def matrix(values):
    cells = np.zeros((user_count, item_count))
    np.add.at(cells, (u, i), values)
    return cells


# Films of one title are one item, so that users rate some more than once: the last rating is their taste.
rated = matrix(1)
residual = np.zeros((user_count, item_count))
for user, item, value in zip(u, i, left):
    residual[user, item] = value
products, squares, common = matrix(left).T @ matrix(left), matrix(left**2).T @ rated, rated.T @ rated
with np.errstate(all="ignore"):
    similarity = products / np.sqrt(squares * squares.T)
similarity *= np.maximum(common - 1, 0) / (np.maximum(common - 1, 0) + SHRINK)
similarity[~(similarity > 0)] = 0
np.fill_diagonal(similarity, 0)
neighbors, kept = [], np.zeros_like(similarity)
for item in range(item_count):
    best = np.argsort(-similarity[item], kind="stable")[:KEPT]
    best = best[similarity[item, best] > 0]
    neighbors.append([[int(n), float(similarity[item, n])] for n in best])
    kept[item, best] = similarity[item, best]
predictions = []
for user, item in zip(vu, vi):
    weights = kept[item] * (rated[user] > 0)
    used = np.argsort(-weights, kind="stable")[:K]
    weight = weights[used].sum()
    taste = (weights[used] * residual[user, used]).sum() / weight if weight > 0 else 0
    predictions.append(float(mean + user_bias[user] + item_bias[item] + taste))
itemknn = {
    "neighbors": neighbors,
    "predictions": predictions,
    "valid_loss": loss(np.array(predictions)),
}

# als
FACTORS, STRENGTH, EXPONENT, EPOCHS = 3, 0.4, 0.7, 4
start = np.random.default_rng(7).normal(0, 0.1, (item_count, FACTORS)).astype(np.float32)


def solve(count, own, other, factors, bias):
    new_factors, new_bias = np.zeros((count, FACTORS)), np.zeros(count)
    for row in range(1, count):
        mine = np.flatnonzero(own == row)
        if len(mine):
            design = np.c_[factors[other[mine]], np.ones(len(mine))]
            penalty = STRENGTH * len(mine) ** EXPONENT * np.eye(FACTORS + 1)
            target = r[mine] - mean - bias[other[mine]]
            solution = np.linalg.solve(design.T @ design + penalty, design.T @ target)
            new_factors[row], new_bias[row] = solution[:FACTORS], solution[FACTORS]
    return new_factors, new_bias


q, q_bias = start.astype(float), np.zeros(item_count)
losses = []
for _ in range(EPOCHS):
    p, p_bias = solve(user_count, u, i, q, q_bias)
    q, q_bias = solve(item_count, i, u, p, p_bias)
    found = mean + p_bias[u] + q_bias[i] + (p[u] * q[i]).sum(1)
    held = mean + p_bias[vu] + q_bias[vi] + (p[vu] * q[vi]).sum(1)
    losses.append([float(np.mean((found - r) ** 2)), loss(held)])
als = {
    "start": start.ravel().tolist(),
    "user_factors": p.ravel().tolist(),
    "user_bias": p_bias.tolist(),
    "item_factors": q.ravel().tolist(),
    "item_bias": q_bias.tolist(),
    "losses": losses,
}
json.dump(
    {"popular": popular, "itemknn": itemknn, "als": als}, open(here / "families_small.json", "w")
)
