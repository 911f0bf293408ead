"""Writes baseline_small.json: the biases that minimise the shrunk squared error on small.csv.

What alternating means go towards is the solution of one linear system, which is solved here at
once, in double precision, for the split of small_seed42.json. Needs numpy.
"""
import csv
import json
import pathlib

import numpy as np

here = pathlib.Path(__file__).parent
rows = list(csv.DictReader(open(here / "small.csv")))
split = json.load(open(here / "small_seed42.json"))["split"]
train = [rows[i] for i in split["train"]]
users = sorted({int(row["user"]) for row in train})
items = sorted({row["title"] for row in rows})
place = {("u", user): n for n, user in enumerate(users)}
place |= {("i", item): len(users) + n for n, item in enumerate(items)}

ratings = np.array([float(row["rating"]) for row in train])
design = np.zeros((len(train), len(place)))
for n, row in enumerate(train):
    design[n, place["u", int(row["user"])]] = 1
    design[n, place["i", row["title"]]] = 1
penalty = np.diag([15.0] * len(users) + [10.0] * len(items))
mean = ratings.mean()
biases = np.linalg.solve(design.T @ design + penalty, design.T @ (ratings - mean))


def predicted(row):
    user = place.get(("u", int(row["user"])))
    return mean + (0 if user is None else biases[user]) + biases[place["i", row["title"]]]


valid = [rows[i] for i in split["valid"]]
errors = [float(row["rating"]) - predicted(row) for row in valid]
json.dump(
    {
        "mean": mean,
        "users": biases[: len(users)].tolist(),
        "items": biases[len(users) :].tolist(),
        "valid_loss": float(np.mean(np.square(errors))),
    },
    open(here / "baseline_small.json", "w"),
)
