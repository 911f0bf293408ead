"""Writes lists_small.json: what ease and ials find on small.csv.

Their formulas in double precision, with dense matrices, for the split of small_seed42.json; and the factors
that the library `implicit` finds for users where items' factors are given. Needs numpy, scipy and implicit.
"""
import csv
import json
import pathlib

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares
from scipy.sparse import csr_matrix

here = pathlib.Path(__file__).parent
rows = list(csv.DictReader(open(here / "small.csv")))
split = json.load(open(here / "small_seed42.json"))["split"]
train = [rows[i] for i in split["train"]]
users = sorted({int(row["user"]) for row in train})
items = sorted({row["title"] for row in rows})
# Place 0 is #na#.
user_count, item_count = len(users) + 1, len(items) + 1

# Films of one title are one item, so that users rate some more than once: the last rating counts.
stars = np.zeros((user_count, item_count))
for row in train:
    stars[users.index(int(row["user"])) + 1, items.index(row["title"]) + 1] = float(row["rating"])
rated = stars > 0
grades = np.array([0, 0.2, 0.2, 0.5, 0.9, 1])[stars.astype(int)]


def ease(matrix, strength):
    inverse = np.linalg.inv(matrix.T @ matrix + strength * np.eye(item_count))
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0)
    return weights


# ials
FACTORS, STRENGTH, EXPONENT, UNOBSERVED, EPOCHS = 3, 0.4, 0.7, 0.3, 4
start = np.random.default_rng(7).normal(0, 0.1, (item_count, FACTORS)).astype(np.float32)


def solve(targets, weights, factors, exponent):
    solution = np.zeros((len(targets), FACTORS))
    for row in range(len(targets)):
        if not weights[row].any():
            continue
        pairs = weights[row].astype(bool).sum() + UNOBSERVED * (len(factors) - 1)
        matrix = (
            UNOBSERVED * factors.T @ factors
            + (factors * weights[row][:, None]).T @ factors
            + STRENGTH * pairs**exponent * np.eye(FACTORS)
        )
        solution[row] = np.linalg.solve(matrix, factors.T @ (weights[row] * targets[row]))
    return solution


q = start.astype(float)
for _ in range(EPOCHS):
    p = solve(grades, rated.astype(float), q, EXPONENT)
    q = solve(grades.T, rated.T.astype(float), p, EXPONENT)

# `implicit` counts pairs without a rating as 1 and those with one as their confidence; it wants 1 of both
# terms of a rated pair, where the sum of squares here wants 0 of the one for all pairs.
library = AlternatingLeastSquares(
    factors=FACTORS, regularization=STRENGTH / UNOBSERVED, alpha=1, dtype=np.float64
)
library.item_factors = start.astype(float)
confidence = csr_matrix(rated * (1 + 1 / UNOBSERVED))
everybody = np.arange(1, user_count)
found = library.recalculate_user(everybody, confidence[everybody]) / (1 + UNOBSERVED)
alone = solve(rated.astype(float), rated.astype(float), start.astype(float), 0)
assert np.abs(found - alone[1:]).max() < 1e-6

json.dump(
    {
        "ease": ease(grades, 20).ravel().round(9).tolist(),
        "ease_ungraded": ease(rated.astype(float), 5).ravel().round(9).tolist(),
        "ease_scores": (grades @ ease(grades, 20))[2].tolist(),
        "start": start.ravel().tolist(),
        "user_factors": p.ravel().tolist(),
        "item_factors": q.ravel().tolist(),
        "implicit_user_factors": np.vstack([np.zeros(FACTORS), found]).ravel().tolist(),
    },
    open(here / "lists_small.json", "w"),
)
