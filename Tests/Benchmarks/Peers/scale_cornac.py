"""Validation loss over seconds of cornac's matrix factorisation, 50 factors, stochastic descent; each point
is a fit of its own, from the beginning. usage: scale_cornac.py FOLDER THREADS"""
from collections import OrderedDict
from scale import need, np, ratings, run, threads

(cornac,) = need("cornac")


def prepare():
    users, items, stars = ratings("train")
    names = [OrderedDict((n, n) for n in range(int(side.max()) + 1)) for side in (users, items)]
    triples = users.astype(np.int64), items.astype(np.int64), stars
    return cornac.data.Dataset(len(names[0]), len(names[1]), *names, triples, seed=0)


def fit(data, iterations):
    model = cornac.models.MF(
        k=50, max_iter=iterations, learning_rate=0.01, lambda_reg=0.02, num_threads=threads, seed=0)
    model.fit(data)

    def predict(u, i):
        known = (u < data.num_users) & (i < data.num_items)
        found = np.full(len(u), model.global_mean, dtype=np.float32)
        u, i = u[known], i[known]
        found[known] += model.u_biases[u] + model.i_biases[i] + (model.u_factors[u] * model.i_factors[i]).sum(1)
        return found

    return predict


run(prepare, fit, [1, 2, 4, 8, 16])
