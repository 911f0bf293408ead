#!/usr/bin/env python3
"""Records what pandas makes of some inner joins, in merges.json next to this script.

Run it once with pandas before 2.2 and once with a later one (recorded with 2.1.4 and 3.1.1):
each adds the rows in its own order, `grouped` or `left`.
"""
import json, os, random
import pandas as pd

random.seed(5)
CASES = [
    ("one row each", dict(user=[5, 6, 7], movie=[2, 1, 2]), dict(movie=[1, 2], title=["Aria", "Kelp"]), None),
    ("several rows on the right", dict(user=[1, 2, 3, 4], movie=[9, 8, 9, 8]),
     dict(movie=[8, 9, 8, 9, 9], title=["a", "b", "c", "d", "e"]), None),
    ("keys without a partner", dict(movie=[4, 1, 5, 1, 4, 3]), dict(movie=[3, 2, 1, 6], x=[1, 2, 3, 4]), None),
    ("no row left", dict(movie=[1, 2]), dict(movie=[3, 4], x=[1, 2]), None),
    ("text keys", dict(title=["é", "e\u0301", "Z", "é", "a"], n=[1, 2, 3, 4, 5]),
     dict(title=["a", "e\u0301", "é", "A"], m=[1, 2, 3, 4]), None),
    ("two keys", dict(a=[1, 1, 2, 2, 1], b=["x", "y", "x", "y", "x"], n=[1, 2, 3, 4, 5]),
     dict(b=["x", "x", "y", "x"], a=[1, 2, 1, 1], m=[10, 20, 30, 40]), None),
    ("a clash of names", dict(k=[1, 2, 1], x=[1, 2, 3]), dict(k=[2, 1], x=[20, 10]), ["k"]),
    ("whole and decimal keys", dict(k=[1, 2, 3], x=[1, 2, 3]), dict(k=[2.0, 1.5, 1.0], y=[1, 2, 3]), None),
    ("many rows", dict(k=[random.randrange(12) for _ in range(40)], n=list(range(40))),
     dict(k=[random.randrange(12) for _ in range(15)], m=list(range(15))), None),
]

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "merges.json")
old = {c["name"]: c for c in json.load(open(path))} if os.path.exists(path) else {}
order = "grouped" if tuple(int(p) for p in pd.__version__.split(".")[:2]) < (2, 2) else "left"
table = lambda columns: [dict(name=k, values=list(v)) for k, v in columns.items()]
cases = []
for name, left, right, on in CASES:
    case = dict(name=name, left=table(left), right=table(right), on=on)
    for known in ("grouped", "left_order"):
        if known in old.get(name, {}): case[known] = old[name][known]
    merged = pd.DataFrame(left).merge(pd.DataFrame(right), on=on)
    case["grouped" if order == "grouped" else "left_order"] = table({c: merged[c].tolist() for c in merged.columns})
    cases.append(case)
json.dump(cases, open(path, "w"), ensure_ascii=False, separators=(",", ":"))
