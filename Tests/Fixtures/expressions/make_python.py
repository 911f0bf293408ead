"""Adds to python.json what Python, numpy, PyTorch and fastcore show for formulas.

Run with torch, numpy and fastcore installed: python make_python.py FORMULAS
FORMULAS has one formula a line; a line that begins with ! has its line breaks as \\n.
A bare L is shown with its length, as fastcore showed it when the chapter was written; one_hot is fastai's.
"""

import ast
import contextlib
import io
import json
import math
import re
import sys
from functools import reduce
from operator import itemgetter
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from fastcore.foundation import L


def long_list(members, limit=10):
    shown = ", ".join(map(repr, list(members)[:limit]))
    return f"(#{len(members)}) [{shown}{'...' if len(members) > limit else ''}]"


def one_hot(x, c):
    result = torch.zeros(c, dtype=torch.uint8)
    result[x if isinstance(x, torch.Tensor) else list(L(x, use_list=None))] = 1
    return result


def shown(value):
    if isinstance(value, L):
        return long_list(value)
    if isinstance(value, type) and value.__module__ == "builtins":
        return value.__qualname__
    return repr(value.item() if isinstance(value, np.generic) else value)


def output(code):
    names = dict(
        torch=torch, np=np, math=math, re=re, nn=nn, F=F, L=L, one_hot=one_hot, itemgetter=itemgetter,
        reduce=reduce)
    printed = io.StringIO()
    tree = ast.parse(code)
    last = tree.body[-1]
    with contextlib.redirect_stdout(printed):
        if not isinstance(last, ast.Expr):
            exec(code, names)
            return printed.getvalue().rstrip("\n")
        exec(compile(ast.Module(tree.body[:-1], []), "formula", "exec"), names)
        value = eval(compile(ast.Expression(last.value), "formula", "eval"), names)
    return printed.getvalue() + ("" if value is None else shown(value))


path = Path(__file__).parent / "python.json"
cases = {case["code"]: case for case in json.loads(path.read_text())}
for line in Path(sys.argv[1]).read_text().splitlines():
    if line.strip():
        code = line[1:].replace("\\n", "\n") if line.startswith("!") else line
        cases[code] = {"code": code, "shows": output(code).rstrip("\n")}
path.write_text(json.dumps(list(cases.values()), indent=1, ensure_ascii=False))
