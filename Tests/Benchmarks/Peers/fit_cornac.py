"""50 epochs of cornac's matrix factorisation, plain SGD on one thread; or the squared error that they
reach of the fifth of the ratings that is held out. usage: fit_cornac.py ML-100K-FOLDER [loss]"""
import sys
from common import Clock, need

cornac, np = need("cornac", "numpy")
data = np.loadtxt(f"{sys.argv[1]}/u.data", dtype=np.int64)
order = np.random.default_rng(42).permutation(len(data))
train, valid = (
    [(str(u), str(i), float(r)) for u, i, r, _ in data[part]] for part in (order[20000:], order[:20000]))
ratings = cornac.data.Dataset.from_uir(train, seed=0)


def fit():
    # The decay that does best here.
    model = cornac.models.MF(k=50, max_iter=50, learning_rate=0.01, lambda_reg=0.08, num_threads=1, seed=0)
    return model.fit(ratings)


clock = Clock()
if sys.argv[2:] == ["loss"]:
    model, (users, items) = fit(), (ratings.uid_map, ratings.iid_map)
    errors = [
        model.rate(users.get(u, len(users)), items.get(i, len(items))) - r for u, i, r in valid]
    clock.samples = [[float(np.mean(np.square(errors))), 0.0]]
    clock.report(skip=0)
else:
    for _ in range(4):
        clock.start()
        fit()
        clock.lap()
    clock.report()
