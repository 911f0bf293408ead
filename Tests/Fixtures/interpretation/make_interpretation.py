"""Writes interpretation.json: what numpy makes of biases and factors that a formula gives.

The ratings are invented, and so few that each step can be followed by hand. Weights are whole eighths,
which float32 holds exactly; several biases and several similarities are equal, so that ties count.
Needs numpy.
"""
import json
import pathlib

import numpy as np

here = pathlib.Path(__file__).parent
titles = ["Ark", "Birch", "Cliff", "Dune", "Ember", "Fjord", "Grove"]
rows = [
    {"user": user, "title": title, "rating": float(1 + (3 * user + 2 * n) % 5)}
    for user in range(11, 20)
    for n, title in enumerate(titles)
    if (user * (n + 2)) % 4 != 1
]
validation = list(range(0, len(rows), 5))
training = [n for n in range(len(rows)) if n % 5]

# Numbers have an index where they occur in training, titles wherever they occur; 0 is #na#.
users = ["#na#"] + [str(u) for u in sorted({rows[n]["user"] for n in training})]
items = ["#na#"] + sorted({row["title"] for row in rows})
WIDTH, EPSILON = 4, 1e-8


def factors(count, shift):
    """Row r, column k: ((r r + 5 r k + 11 k k + shift) mod 23 - 11) / 8; the last row is twice row 1."""
    table = np.array(
        [
            [((r * r + 5 * r * k + 11 * k * k + shift) % 23 - 11) / 8 for k in range(WIDTH)]
            for r in range(count)
        ]
    )
    table[-1] = 2 * table[1]
    return table


def biases(count, shift):
    """Row r: ((7 r + shift) mod 5 - 2) / 4."""
    return np.array([((7 * r + shift) % 5 - 2) / 4 for r in range(count)])


def ranked(names, scores, order):
    return [{"index": int(n), "name": names[n], "score": float(scores[n])} for n in order]


def neighbors(names, table, row):
    lengths = np.maximum(np.linalg.norm(table, axis=1, keepdims=True), EPSILON)
    cosines = (table / lengths) @ (table / lengths)[row]
    # Equal ones to within rounding are in the order of their rows.
    order = [n for n in np.argsort(-cosines.round(12), kind="stable") if n != row]
    return {"of": row, "nearest": ranked(names, cosines, order)}


def factor_map(names, table, column, base_count, count):
    if column == "user":
        keys = [str(row["user"]) for row in rows]
    else:
        keys = [row["title"] for row in rows]
    counts = [keys.count(name) for name in names]
    order = sorted(range(1, len(names)), key=lambda n: (-counts[n], n))
    base = order[:base_count]
    centered = table[base] - table[base].mean(axis=0)
    directions = np.linalg.svd(centered.T)[0][:, :3]
    largest = np.abs(directions).argmax(axis=0)
    directions = directions * np.sign(directions[largest, range(directions.shape[1])])
    return {
        "base": base_count,
        "names": [names[n] for n in base[:count]],
        "components": (centered @ directions)[:count].tolist(),
    }


def side(names, column, shift):
    table, bias = factors(len(names), shift), biases(len(names), shift)
    return {
        "factors": table.tolist(),
        "bias": bias.tolist(),
        "biases": ranked(names, bias, np.argsort(bias, kind="stable")),
        "neighbors": [neighbors(names, table, row) for row in range(len(names))],
        "maps": [
            factor_map(names, table, column, base, count) for base, count in [(7, 7), (5, 3)]
        ],
    }


json.dump(
    {
        "rows": rows,
        "training": training,
        "validation": validation,
        "users": side(users, "user", 5),
        "items": side(items, "title", 2),
    },
    open(here / "interpretation.json", "w"),
)
