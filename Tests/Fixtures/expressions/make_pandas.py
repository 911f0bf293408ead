"""Writes what pandas 2.3.3 gives for expressions about tables, as a list of code and values.

Run with pandas installed: python make_pandas.py

Of a table the names of columns, the labels of rows and the columns are kept, of a series the labels and
the values, of anything else the value: what is compared is values, not layout.
"""

import io
import json
from pathlib import Path

import numpy as np
import pandas as pd

TABLE = """user,movie,rating,title
7,3,4,Alien (1979)
7,1,5,Toy Story (1995)
2,3,3,Alien (1979)
9,2,1,"Net, The (1995)"
2,1,4,Toy Story (1995)
9,3,5,Alien (1979)
4,4,2,Star Kid (1997)
7,2,2,"Net, The (1995)"
"""
ITEMS = "movie,year\n1,1995\n2,1995\n3,1979\n5,1942\n"
GAPS = "name,x,y\nann,1.5,2\nbob,,4\n,3.0,\ncyd,1.5,8\n"

df = pd.read_csv(io.StringIO(TABLE))
items = pd.read_csv(io.StringIO(ITEMS))
g = pd.read_csv(io.StringIO(GAPS))

EXPRESSIONS = [line for line in Path(__file__).with_name("pandas.txt").read_text().split("\n") if line]


def plain(value):
    """A value as Python's own types."""
    if isinstance(value, (pd.Index, np.ndarray)):
        value = value.tolist()
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, (list, tuple)):
        return type(value)(plain(part) for part in value)
    if isinstance(value, dict):
        return {plain(key): plain(part) for key, part in value.items()}
    if value is None or value is pd.NA:
        return float("nan")
    return value


def kept(value):
    """The kind of a result and what is compared of it."""
    if isinstance(value, pd.DataFrame):
        columns = [str(name) for name in value.columns]
        return "table", (columns, plain(value.index), [plain(value[name].tolist()) for name in value.columns])
    if isinstance(value, pd.Series):
        return "series", (plain(value.index), plain(value.tolist()))
    return "value", plain(value)


cases = []
for code in EXPRESSIONS:
    kind, value = kept(eval(code))
    cases.append({"code": code, "kind": kind, "shows": repr(value)})
Path(__file__).with_name("pandas.json").write_text(json.dumps(cases, indent=0) + "\n")
