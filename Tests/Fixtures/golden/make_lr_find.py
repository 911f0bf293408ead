#!/usr/bin/env python3
"""Records fastai's `lr_find` on small.csv: rates, smoothed losses, the suggestion, the draws it takes,
and that a fit afterwards is the fit that would have come without it, but for the draws.

Versions as in make_golden.py.  Usage: python make_lr_find.py OUTDIR
"""
import json, os, random, sys
import matplotlib
matplotlib.use('Agg')
import make_golden as g
from fastai.collab import *
from fastai.tabular.all import *

def nexts():
    "The next value of each generator, which says how many draws were taken."
    state = torch.get_rng_state(), np.random.get_state(), random.getstate()
    values = [int(torch.empty((), dtype=torch.int64).random_().item()), float(np.random.random_sample()), random.random()]
    torch.set_rng_state(state[0]); np.random.set_state(state[1]); random.setstate(state[2])
    return values

def find(learn):
    kept = {}
    class Keep(Callback):
        order = 55
        def after_fit(self):
            if hasattr(self.learn, 'lr_finder'): kept.update(lrs=[float(x) for x in self.recorder.lrs], losses=g.F32(self.recorder.losses))
    with learn.no_bar(), learn.added_cbs(Keep()):
        suggestion = learn.lr_find(show_plot=True)
    return dict(valley=float(suggestion.valley), lrs=kept['lrs'], losses=kept['losses'], next=nexts())

def main(out):
    df = g.pd.read_csv(os.path.join(g.HERE, 'small.csv'))
    runs = []
    for seed in (42, 7):
        for sampler in ('shuffle', 'weighted'):
            for model in ('dot', 'dotbias', 'collab'):
                g.set_seed(seed, True)
                dls = g.mk_dls(df, sampler)
                learn = g.mk_learner(model, dls)
                first = find(learn)
                with learn.no_bar(), learn.no_logging(): learn.fit_one_cycle(1, 5e-3, wd=0.1)
                table = g.table(learn)
                second = find(learn)
                with learn.no_bar(), learn.no_logging(): learn.fit_one_cycle(1, 5e-3)
                runs.append(dict(seed=seed, sampler=sampler, model=model, finds=[first, second], tables=[table, g.table(learn)]))
    json.dump(dict(runs=runs), open(os.path.join(out, 'lr_find_small.json'), 'w'), indent=0)

if __name__ == '__main__': main(sys.argv[1])
