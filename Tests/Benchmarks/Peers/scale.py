"""What the peers of the curve share: the ratings as the benchmark has written them, and the loss."""
import gc, json, os, resource, sys
from common import Clock, need

(np,) = need("numpy")
folder, threads = sys.argv[1], int(sys.argv[2])


def ratings(part):
    """Users, items and stars of a part, from 0."""
    users, items = (np.fromfile(f"{folder}/{part}.{name}", dtype=np.int32) for name in ("users", "items"))
    return users, items, np.fromfile(f"{folder}/{part}.stars", dtype=np.float32)


def loss(predict):
    """The mean squared error on the validation ratings, of predictions within the stars."""
    users, items, stars = ratings("valid")
    total = 0.0
    for start in range(0, len(stars), 200_000):
        part = slice(start, start + 200_000)
        predictions = predict(users[part], items[part]).clip(0.5, 5)
        total += float(np.square(predictions - stars[part], dtype=np.float64).sum())
    return total / len(stars)


def run(prepare, fit, iterations):
    """Fits from the beginning, for each number of iterations, and prints what each took and reached.

    prepare() makes of the ratings what the program wants and is timed apart; fit(data, n) returns what
    predicts."""
    clock = Clock()
    data = prepare()
    clock.lap()
    points = []
    for count in iterations:
        clock.start()
        predict = fit(data, count)
        clock.lap()
        points.append([clock.samples[-1][0], loss(predict)])
        del predict
        gc.collect()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"before": clock.samples[0][0], "points": points, "memory": memory}))
