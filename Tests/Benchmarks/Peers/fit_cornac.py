"""50 epochs of cornac's matrix factorisation, plain SGD on one thread. usage: fit_cornac.py ML-100K-FOLDER"""
import sys
from common import Clock, need

cornac, np = need("cornac", "numpy")
data = np.loadtxt(f"{sys.argv[1]}/u.data", dtype=np.int64)
order = np.random.default_rng(42).permutation(len(data))[20000:]
ratings = cornac.data.Dataset.from_uir(
    [(str(u), str(i), float(r)) for u, i, r, _ in data[order]], seed=0)
clock = Clock()
for _ in range(4):
    model = cornac.models.MF(k=50, max_iter=50, learning_rate=0.01, lambda_reg=0.02, num_threads=1, seed=0)
    clock.start()
    model.fit(ratings)
    clock.lap()
clock.report()
