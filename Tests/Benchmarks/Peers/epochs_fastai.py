"""Epochs of fastai's collab_learner on one thread. usage: epochs_fastai.py ML-100K-FOLDER collab|nn"""
import contextlib, io, sys
from common import Clock, need

torch, pd, _ = need("torch", "pandas", "fastai.collab")
from fastai.collab import CollabDataLoaders, collab_learner
from fastai.callback.core import Callback

torch.set_num_threads(1)
folder, model = sys.argv[1:3]
ratings = pd.read_csv(f"{folder}/u.data", sep="\t", header=None,
                      names=["user", "movie", "rating", "timestamp"])
movies = pd.read_csv(f"{folder}/u.item", sep="|", encoding="latin-1", usecols=(0, 1),
                     names=("movie", "title"), header=None)
dls = CollabDataLoaders.from_df(ratings.merge(movies), item_name="title", bs=64)
options = dict(n_factors=50) if model == "collab" else dict(use_nn=True, layers=[100, 50])
learn = collab_learner(dls, y_range=(0, 5.5), **options)
clock = Clock()


class Laps(Callback):
    order = 90

    def before_epoch(self): clock.start()
    def after_epoch(self): clock.lap()


learn.add_cb(Laps())
with contextlib.redirect_stdout(io.StringIO()), learn.no_bar():
    learn.fit_one_cycle(3, 5e-3, wd=0.1)
clock.report()
