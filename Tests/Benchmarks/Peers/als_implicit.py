"""Iterations of implicit's alternating least squares, 50 factors, on invented ratings of a shape: another
loss, over all pairs with a confidence. usage: als_implicit.py USERS ITEMS RATINGS THREADS"""
import sys
from common import Clock, need

implicit, np, sparse = need("implicit.als", "numpy", "scipy.sparse")
users, items, ratings, threads = map(int, sys.argv[1:])
random = np.random.default_rng(25)
popularity = np.cumsum(1 / (np.arange(items) + 60.0))
columns = np.searchsorted(popularity / popularity[-1], random.random(ratings)).clip(max=items - 1)
activity = np.cumsum(np.minimum(20 + 45 * random.pareto(2, users), items / 4))
ends = np.round(activity / activity[-1] * ratings).astype(np.int64)
rows = np.repeat(np.arange(users), np.diff(ends, prepend=0))
matrix = sparse.csr_matrix(
    (np.ones(ratings, dtype=np.float32), (rows, columns)), shape=(users, items))
model = implicit.AlternatingLeastSquares(factors=50, use_gpu=False, iterations=4, num_threads=threads)
clock = Clock()
model.fit(matrix, show_progress=False, callback=lambda *_: clock.lap())
clock.report()
