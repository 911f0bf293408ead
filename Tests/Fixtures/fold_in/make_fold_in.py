"""Takes somebody new into a small dot product with biases, with numpy.

Writes fold_in.json: ratings of made-up users and items, weights drawn with a seed, and what folding in
must find: by Newton's method in the user's own numbers, with the inverse covariance as a prior, where
the program takes Gauss-Newton steps in numbers that were made alike before.

    python make_fold_in.py        (numpy 2.4.6)
"""

import json

import numpy as np

USERS, ITEMS, FACTORS = 24, 18, 3
LOW, HIGH = 0.0, 5.5
MASK = (1 << 64) - 1


class SplitMix:
    """splitmix64, by which the program chooses the ratings that it gives away."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        bits = self.state
        bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & MASK
        return bits ^ (bits >> 31)

    def shuffle(self, list):
        for place in range(len(list) - 1, 0, -1):
            other = (self.next() * (place + 1)) >> 64
            list[place], list[other] = list[other], list[place]


def sigmoid(z):
    return LOW + (HIGH - LOW) / (1 + np.exp(-z))


def predictions(numbers, items, q, b):
    return sigmoid(q[items] @ numbers[:-1] + numbers[-1] + b[items])


def fit(items, stars, q, b, mean, precision, penalty):
    """Newton steps with halving on the penalised sum of squares, until nothing changes."""
    x = np.c_[q[items], np.ones(len(items))]

    def loss(n):
        e = stars - predictions(n, items, q, b)
        return e @ e + penalty * (n - mean) @ precision @ (n - mean)

    numbers = mean.copy()
    for _ in range(200):
        f = predictions(numbers, items, q, b)
        share = (f - LOW) / (HIGH - LOW)
        slope = (HIGH - LOW) * share * (1 - share)
        bend = slope * (1 - 2 * share)
        gradient = -2 * x.T @ (slope * (stars - f)) + 2 * penalty * precision @ (numbers - mean)
        hessian = 2 * x.T @ ((slope**2 - (stars - f) * bend)[:, None] * x) + 2 * penalty * precision
        if np.min(np.linalg.eigvalsh(hessian)) <= 0:
            hessian = 2 * x.T @ ((slope**2)[:, None] * x) + 2 * penalty * precision
        step, size = np.linalg.solve(hessian, gradient), 1.0
        while loss(numbers - size * step) > loss(numbers) and size > 1e-9:
            size /= 2
        numbers = numbers - size * step
        if np.abs(size * step).max() < 1e-13:
            break
    return numbers


def main():
    random = np.random.default_rng(5)
    f32 = lambda a: a.astype(np.float32).astype(float)
    p = f32(random.normal(0, 0.4, (USERS + 1, FACTORS)))
    q = f32(random.normal(0, 0.6, (ITEMS + 1, FACTORS)))
    bu = f32(random.normal(0.2, 0.3, USERS + 1))
    b = f32(random.normal(0.1, 0.3, ITEMS + 1))
    rows = []
    for user in range(1, USERS + 1):
        for item in range(1, ITEMS + 1):
            if random.random() < 0.55:
                z = sigmoid(p[user] @ q[item] + bu[user] + b[item]) + random.normal(0, 0.7)
                rows.append((user, item, int(np.clip(round(z), 1, 5)), random.random() < 0.2))
    trained = [r for r in rows if not r[3]]
    assert {r[0] for r in trained} == set(range(1, USERS + 1))
    assert {r[1] for r in trained} == set(range(1, ITEMS + 1))

    numbers = np.c_[p, bu][1:]
    mean = numbers.mean(0)
    c = np.cov(numbers.T, bias=True)
    width = FACTORS + 1
    kept = 1 - width / (USERS + width)
    c = c * kept + np.diag(np.diag(c)) * (1 - kept)
    c += np.eye(width) * max(np.trace(np.cov(numbers.T, bias=True)) / width * 1e-6, 1e-12)
    precision = np.linalg.inv(c)

    def given(user):
        own = sorted((r[1], r[2]) for r in trained if r[0] == user)
        SplitMix(user).shuffle(own)
        return own[:10]

    errors = []
    for user in range(1, USERS + 1):
        for item, stars in given(user):
            z = predictions(np.r_[p[user], bu[user]], np.array([item]), q, b)[0]
            errors.append((z - stars) ** 2)
    variance = float(np.mean(errors))
    sums = []
    for factor in [0.25, 0.5, 1, 2, 4]:
        total = 0.0
        for user in range(1, USERS + 1):
            held = sorted((r[1], r[2]) for r in rows if r[3] and r[0] == user)
            if not held:
                continue
            own = given(user)
            found = fit(
                np.array([i for i, _ in own]), np.array([s for _, s in own], float), q, b, mean,
                precision, factor * variance)
            z = predictions(found, np.array([i for i, _ in held]), q, b)
            total += float(((z - np.array([s for _, s in held])) ** 2).sum())
        sums.append(total)
    penalty = [0.25, 0.5, 1, 2, 4][int(np.argmin(sums))] * variance

    cases = []
    for ratings in [[], [(3, 5)], [(2, 5), (7, 1), (11, 4)],
                    [(1, 2), (3, 5), (4, 4), (6, 1), (9, 3), (12, 5), (15, 2), (17, 4)]]:
        items = np.array([i for i, _ in ratings], int)
        stars = np.array([s for _, s in ratings], float)
        found = fit(items, stars, q, b, mean, precision, penalty)
        everything = np.arange(1, ITEMS + 1)
        without = [
            predictions(
                fit(np.delete(items, k), np.delete(stars, k), q, b, mean, precision, penalty),
                np.array([5]), q, b)[0]
            for k in range(len(ratings))]
        cases.append({
            "items": items.tolist(), "stars": stars.tolist(), "numbers": found.tolist(),
            "predictions": predictions(found, everything, q, b).tolist(),
            "without": [float(w) for w in without]})
    # How much of the variance of all predictions a rating of each item takes away.
    numbers = np.array(cases[2]["numbers"])
    items = np.array(cases[2]["items"])
    x = np.c_[q, np.ones(ITEMS + 1)]
    share = predictions(numbers, np.arange(ITEMS + 1), q, b) / HIGH
    j = x * (HIGH * share * (1 - share))[:, None]
    v = penalty * np.linalg.inv(j[items].T @ j[items] + penalty * precision)
    all_items = np.arange(1, ITEMS + 1)
    drops = []
    for item in all_items:
        s = j[item]
        after = v - np.outer(v @ s, v @ s) / (s @ v @ s + penalty)
        drops.append(float(sum(j[i] @ (v - after) @ j[i] for i in all_items)))
    with open("fold_in.json", "w") as file:
        json.dump({
            "users": [r[0] for r in rows], "items": [r[1] for r in rows],
            "stars": [r[2] for r in rows], "held": [i for i, r in enumerate(rows) if r[3]],
            "user_factors": p.flatten().tolist(), "user_bias": bu.tolist(),
            "item_factors": q.flatten().tolist(), "item_bias": b.tolist(),
            "penalty": penalty, "cases": cases, "drops": drops}, file, separators=(",", ":"))
    print(penalty, sums, cases[2]["predictions"][:3])


main()
