"""What other programs reach on u1 to u5 of MovieLens 100K: rmse, and ndcg@10 as `help metrics` defines it.

    pip install numpy scipy scikit-surprise implicit myfm; python folds.py FOLDER [METHOD ...]

Settings are each program's defaults, or those that its documentation or its source recommends for these data.
"""
import sys, time

from common import need

np, sparse = need("numpy", "scipy.sparse")


def fold(folder, number):
    """Users, items and stars from 0 of both parts."""
    parts = [np.loadtxt(f"{folder}/u{number}.{part}", dtype=int)[:, :3] for part in ["base", "test"]]
    return [(p[:, 0] - 1, p[:, 1] - 1, p[:, 2].astype(float)) for p in parts]


def rmse(stars, predictions):
    return float(np.sqrt(np.mean((np.clip(predictions, 1, 5) - stars) ** 2)))


def ndcg(scores, train, test, k=10):
    """All items with a training rating, without the user's own; relevant from 4 stars on."""
    scores = scores.copy()
    scores[train[0], train[1]] = -np.inf
    scores[:, np.setdiff1d(np.arange(scores.shape[1]), train[1])] = -np.inf
    gains, values = 1 / np.log2(np.arange(2, k + 2)), []
    for user in np.unique(test[0]):
        relevant = set(test[1][(test[0] == user) & (test[2] >= 4)])
        if relevant:
            best = np.argsort(-scores[user], kind="stable")[:k]
            values.append(gains[[i in relevant for i in best]].sum() / gains[: min(k, len(relevant))].sum())
    return float(np.mean(values))


def matrix(train, values):
    return sparse.csr_matrix((values, (train[0], train[1])), shape=(943, 1682))


def surprise(algorithm):
    def run(train, test):
        (package,) = need("surprise")
        frame = need("pandas")[0].DataFrame({"u": train[0], "i": train[1], "r": train[2]})
        data = package.Dataset.load_from_df(frame, package.Reader(rating_scale=(1, 5)))
        model = algorithm(package)
        model.fit(data.build_full_trainset())
        return [model.predict(u, i).est for u, i in zip(test[0], test[1])], None
    return run


def implicit(make, values=lambda stars: np.ones_like(stars)):
    def run(train, test):
        package = need("implicit.als", "implicit.nearest_neighbours", "implicit.bpr")
        ratings = matrix(train, values(train[2]).astype(np.float32))
        model = make(*package)
        model.fit(ratings, show_progress=False)
        scores = np.full((943, 1682), -np.inf)
        for user in range(943):
            items, found = model.recommend(user, ratings[user], N=1682, filter_already_liked_items=True)
            scores[user, items[items >= 0]] = found[items >= 0]
        return None, scores
    return run


def myfm(train, test):
    """Users, items, and what each has rated and been rated by: `implicit features` of its documentation."""
    (package,) = need("myfm")
    seen = matrix(train, np.ones(len(train[0])))
    def rows(m):
        return sparse.diags(1 / np.sqrt(np.maximum(np.asarray(m.sum(axis=1)).ravel(), 1))) @ m
    users = sparse.hstack([sparse.eye(943), rows(seen)]).tocsr()
    items = sparse.hstack([sparse.eye(1682), rows(seen.T.tocsr())]).tocsr()
    def blocks(part):
        return [package.RelationBlock(part[0], users), package.RelationBlock(part[1], items)]
    model = package.MyFMRegressor(rank=10, random_seed=42)
    model.fit(None, train[2], X_rel=blocks(train), grouping=None, n_iter=300, group_shapes=[943, 1682, 1682, 943])
    return model.predict(None, blocks(test)), None


METHODS = {
    "Surprise SVD": surprise(lambda s: s.SVD(random_state=0)),
    "Surprise KNNBaseline": surprise(lambda s: s.KNNBaseline(
        verbose=False, sim_options={"name": "pearson_baseline", "user_based": False})),
    "myFM with implicit features": myfm,
    "implicit ALS": implicit(lambda als, knn, bpr: als.AlternatingLeastSquares(random_state=0)),
    "implicit ALS of 4 and 5 stars, 64 factors, weight 4, reg 30": implicit(
        lambda als, knn, bpr: als.AlternatingLeastSquares(factors=64, regularization=30, alpha=4, random_state=0),
        lambda stars: (stars >= 4).astype(float)),
    "implicit BM25": implicit(lambda als, knn, bpr: knn.BM25Recommender(K=100)),
    "implicit BPR": implicit(lambda als, knn, bpr: bpr.BayesianPersonalizedRanking(random_state=0)),
}

if __name__ == "__main__":
    folder, chosen = sys.argv[1], sys.argv[2:] or METHODS
    for name in chosen:
        figures, start = [], time.process_time()
        for number in range(1, 6):
            train, test = fold(folder, number)
            predictions, scores = METHODS[name](train, test)
            figures.append(rmse(test[2], predictions) if scores is None else ndcg(scores, train, test))
        kind = "rmse" if scores is None else "ndcg@10"
        seconds = (time.process_time() - start) / 5
        print(f"{name}: {kind} u1 {figures[0]:.4f}, mean {np.mean(figures):.4f}, {seconds:.1f} s a fold", flush=True)
