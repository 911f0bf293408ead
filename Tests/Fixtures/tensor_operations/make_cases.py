"""What PyTorch answers to a few hundred operations, for TensorOperationTests.

    python make_cases.py > cases.json

Made with PyTorch 2.13.0 on a CPU. Each case has the name of an operation, operands, arguments
(numbers or null) and subscripts (text), and what came out: tensors, or null for an error.
Elements are text separated by blanks, so that nan and inf can be among them.
"""
import json
import math
import sys
import warnings

import torch
from torch import nn

warnings.simplefilter("ignore")
inf, nan = math.inf, math.nan
F32, F64, I64, B = torch.float32, torch.float64, torch.int64, torch.bool


def one_hot(indices, classes):
    result = torch.zeros(classes, dtype=torch.uint8)
    result[[int(i) for i in indices]] = 1
    return result


def svd(x):
    """torch.svd in double, the largest component of each column of U positive."""
    U, S, V = torch.svd(x.double())
    sign = torch.where(U[U.abs().argmax(0), torch.arange(len(S))] < 0, -1.0, 1.0)
    return [y.to(x.dtype) for y in (U * sign, S, V * sign)]


def pca(x, k):
    """fastai's Tensor.pca, in double and with the signs of svd."""
    if not x.is_floating_point():
        raise TypeError("mean of integers")
    centered = x.double() - torch.mean(x.double(), 0)
    return torch.mm(centered, svd(centered.t())[0][:, :k]).to(x.dtype)


def subscript(text, tensors):
    if text == "None":
        return None
    if text == "...":
        return ...
    if text.startswith("t"):
        return tensors[int(text[1:])]
    if ":" in text:
        return slice(*[int(part) if part else None for part in text.split(":")])
    return int(text)


def dims(a):
    """Dimensions to reduce over: none given means all."""
    return None if not a or a[0] is None else [int(a[0])]


def keep(a):
    return len(a) > 1 and bool(a[1])


def over(function):
    def run(t, a):
        if dims(a) is None:
            return function(t[0])
        return function(t[0], dim=int(a[0]), keepdim=keep(a))
    return run


def ints(a):
    return [int(x) for x in a]


UNARY = {
    "exp": torch.exp, "log": torch.log, "sqrt": torch.sqrt, "sin": torch.sin, "cos": torch.cos,
    "tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu, "abs": torch.abs,
    "sign": torch.sign, "round": torch.round, "floor": torch.floor, "ceil": torch.ceil,
    "not": torch.logical_not, "float": lambda x: x.float(), "double": lambda x: x.double(),
    "long": lambda x: x.long(), "bool": lambda x: x.bool(), "zeros_like": torch.zeros_like,
    "ones_like": torch.ones_like, "nonzero": torch.nonzero, "t": lambda x: x.t(),
}
BINARY = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b,
    "/": lambda a, b: a / b, "//": lambda a, b: a // b, "%": lambda a, b: a % b,
    "**": lambda a, b: a**b, "==": lambda a, b: a == b, "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b, "and": torch.logical_and, "or": torch.logical_or,
    "maximum": torch.maximum, "minimum": torch.minimum, "@": torch.matmul, "dot": torch.dot,
    "outer": torch.outer, "isclose": torch.isclose,
    "allclose": lambda a, b: torch.tensor(torch.allclose(a, b)),
}
REDUCING = {
    "sum": torch.sum, "mean": torch.mean, "max": torch.max, "min": torch.min,
    "argmax": torch.argmax, "argmin": torch.argmin, "std": torch.std, "var": torch.var,
    "prod": torch.prod, "any": torch.any, "all": torch.all, "median": torch.median,
}
OTHERS = {
    "var0": lambda t, a: torch.var(t[0], dim=int(a[0]), correction=0),
    "norm": lambda t, a: torch.norm(t[0], p=a[0], dim=int(a[1])),
    "norm_all": lambda t, a: torch.norm(t[0], p=a[0]),
    "cumsum": lambda t, a: torch.cumsum(t[0], int(a[0])),
    "softmax": lambda t, a: torch.softmax(t[0], int(a[0])),
    "log_softmax": lambda t, a: torch.log_softmax(t[0], int(a[0])),
    "clamp": lambda t, a: torch.clamp(t[0], *[None if x is None else x for x in a]),
    "where": lambda t, a: torch.where(t[0], t[1], t[2]),
    "scalar+": lambda t, a: t[0] + a[0], "scalar*": lambda t, a: t[0] * a[0],
    "scalar/": lambda t, a: t[0] / a[0],
    "scalar**": lambda t, a: t[0] ** a[0], "int+": lambda t, a: t[0] + int(a[0]),
    "int*": lambda t, a: t[0] * int(a[0]), "int/": lambda t, a: t[0] / int(a[0]),
    "int**": lambda t, a: t[0] ** int(a[0]),
    "argsort": lambda t, a: torch.argsort(t[0], dim=int(a[0]), descending=bool(a[1]), stable=True),
    "sort": lambda t, a: torch.sort(t[0], dim=int(a[0]), descending=bool(a[1]), stable=True),
    "topk": lambda t, a: torch.topk(t[0], int(a[0]), dim=int(a[1]), largest=bool(a[2])),
    "unique": lambda t, a: torch.unique(t[0], return_counts=True),
    "bincount": lambda t, a: torch.bincount(t[0], minlength=int(a[0])),
    "permute": lambda t, a: t[0].permute(*ints(a)),
    "transpose": lambda t, a: t[0].transpose(*ints(a)),
    "reshape": lambda t, a: t[0].reshape(ints(a)),
    "flatten": lambda t, a: t[0].flatten(*ints(a)),
    "squeeze": lambda t, a: t[0].squeeze(*ints(a)),
    "unsqueeze": lambda t, a: t[0].unsqueeze(*ints(a)),
    "expand": lambda t, a: t[0].expand(*ints(a)),
    "repeat": lambda t, a: t[0].repeat(*ints(a)),
    "stack": lambda t, a: torch.stack(t, int(a[0])),
    "cat": lambda t, a: torch.cat(t, int(a[0])),
    "split": lambda t, a: torch.split(t[0], int(a[0]), int(a[1])),
    "split_sizes": lambda t, a: torch.split(t[0], ints(a[1:]), int(a[0])),
    "chunk": lambda t, a: torch.chunk(t[0], int(a[0]), int(a[1])),
    "unbind": lambda t, a: torch.unbind(t[0], int(a[0])),
    "flip": lambda t, a: torch.flip(t[0], ints(a)),
    "tril": lambda t, a: torch.tril(t[0], *ints(a)),
    "triu": lambda t, a: torch.triu(t[0], *ints(a)),
    "cosine": lambda t, a: nn.CosineSimilarity(dim=int(a[0]))(t[0], t[1]),
    "pca": lambda t, a: pca(t[0], int(a[0])),
    "svd": lambda t, a: svd(t[0]),
    "one_hot": lambda t, a: one_hot(a[1:], int(a[0])),
    "arange": lambda t, a: torch.arange(*ints(a)),
    "arange_float": lambda t, a: torch.arange(*map(float, a)),
    "linspace": lambda t, a: torch.linspace(a[0], a[1], int(a[2])),
    "eye": lambda t, a: torch.eye(*ints(a)),
    "zeros": lambda t, a: torch.zeros(ints(a)),
    "full": lambda t, a: torch.full(ints(a[1:]), a[0], dtype=F32),
    "randperm": lambda t, a: (torch.manual_seed(int(a[0])), torch.randperm(int(a[1])))[1],
    "rand": lambda t, a: (torch.manual_seed(int(a[0])), torch.rand(ints(a[1:])))[1],
    "randn": lambda t, a: (torch.manual_seed(int(a[0])), torch.randn(ints(a[1:])))[1],
    "randint": lambda t, a: (
        torch.manual_seed(int(a[0])), torch.randint(int(a[1]), int(a[2]), ints(a[3:])))[1],
}
OPERATIONS = {
    **{name: lambda t, a, f=f: f(t[0]) for name, f in UNARY.items()},
    **{name: lambda t, a, f=f: f(t[0], t[1]) for name, f in BINARY.items()},
    **{name: over(f) for name, f in REDUCING.items()},
    **OTHERS,
}


def encoded(tensor):
    numbers = tensor.detach().reshape(-1).tolist()
    text = [str(int(n)) if isinstance(n, (bool, int)) else repr(n) for n in numbers]
    return {
        "shape": list(tensor.shape), "dtype": str(tensor.dtype).removeprefix("torch."),
        "values": " ".join(text)}


cases = []


def add(operation, tensors=(), arguments=(), subscripts=()):
    tensors = list(tensors) if isinstance(tensors, (list, tuple)) else [tensors]
    try:
        if operation == "index":
            result = tensors[0][tuple(subscript(s, tensors) for s in subscripts)]
        else:
            result = OPERATIONS[operation](tensors, list(arguments))
        result = [result] if isinstance(result, torch.Tensor) else list(result)
        result = [encoded(x) for x in result]
    except (RuntimeError, IndexError, ValueError, TypeError, NotImplementedError) as error:
        print(operation, *arguments, *subscripts, "->", str(error)[:90], file=sys.stderr)
        result = None
    cases.append({
        "operation": operation, "operands": [encoded(x) for x in tensors],
        "arguments": [str(x) for x in arguments], "subscripts": list(subscripts),
        "result": result})


g = torch.Generator().manual_seed(1)


def normal(*shape, dtype=F32):
    return torch.randn(*shape, generator=g).to(dtype)


def integers(low, high, *shape):
    return torch.randint(low, high, shape, generator=g)


f = torch.tensor([1.5, -2.5, 0.0, 0.5, -0.5, 3.25, -7.0])
odd = torch.tensor([1.0, nan, -inf, inf, -0.0, 0.0, -3.0])
d = torch.tensor([0.1, -2.5, 30.0, 1.0, -1.0, 4.75, 0.3], dtype=F64)
i = torch.tensor([7, -7, 0, 3, -3, 2, 5])
j = torch.tensor([2, 3, -4, -2, 5, -5, 1])
b = torch.tensor([True, False, True, True, False, False, True])
c = torch.tensor([False, False, True, False, True, True, True])
none = torch.tensor([])
number, numberd = torch.tensor(2.5), torch.tensor(0.1, dtype=F64)
numberi, truth = torch.tensor(3), torch.tensor(True)
vectors = [f, odd, d, i, b, none]

for name in UNARY:
    for x in vectors + [numberi]:
        if name == "long" and x is odd:
            continue  # what has no integer is undefined
        add(name, x)
pairs = [
    (f, f.flip(0)), (f, odd), (odd, f), (f, d), (i, j), (i, f), (b, c), (b, i), (d, d.flip(0)),
    (i, numberd), (f, numberd), (f, numberi), (b, number), (truth, b), (number, numberd),
    (numberi, number), (truth, numberi), (normal(3, 1), normal(4)), (normal(3), normal(4)),
    (normal(2, 3, 1), integers(1, 9, 4)), (none, f), (none, number), (i, torch.tensor([0] * 7)),
]
for name in BINARY:
    if name in ("@", "dot", "outer"):
        continue
    for x, y in pairs:
        add(name, [x, y])
add("**", [i, torch.tensor([2, 0, 3, 62, 64, -1, -2])])
add("**", [torch.tensor([1, -1, -1, 0, 2]), torch.tensor([-3, -3, -2, -1, -1])])
for x in (f, d, i, b, number, numberi, truth):
    for name in ("scalar+", "scalar*", "scalar/", "scalar**", "int+", "int*", "int/", "int**"):
        for y in (2, 0.5, -1):
            if not (name.startswith("int") and y == 0.5):
                add(name, x, [float(y)])

m, mi, mb = normal(3, 4), integers(-3, 4, 3, 4), integers(0, 2, 3, 4).bool()
cube = normal(2, 3, 4)
ties = torch.tensor([[3.0, 1.0, 3.0, 1.0], [nan, 2.0, nan, -1.0], [0.0, -0.0, 0.0, -0.0]])
for name in REDUCING:
    for x in (m, m.double(), mi, mb, ties, number, numberi, none, torch.zeros(0, 3), f[:1]):
        add(name, x)
        for arguments in ((0,), (-1, 1), (1,), (5,)):
            add(name, x, arguments)
    add(name, cube, [1])
    add(name, cube, [-3, 1])
for x in (m, m.double(), mi, mb, ties, odd, none):
    for order in (2.0, 1.0, inf, 3.0, 0.0):
        add("norm", x, [order, -1])
        add("norm_all", x, [order])
    for name in ("cumsum", "softmax", "log_softmax"):
        for dimension in (0, -1, 2):
            add(name, x, [dimension])
    add("var0", x, [0])
    for descending in (0, 1):
        for dimension in (0, -1, 3):
            add("argsort", x, [dimension, descending])
            add("sort", x, [dimension, descending])
    add("unique", x)
for name in ("cumsum", "softmax", "log_softmax", "argsort", "sort"):
    add(name, cube, [1, 1])
add("softmax", torch.tensor([1000.0, 1000.0, -1000.0]), [0])
add("softmax", torch.tensor([-inf, 0.0]), [0])
add("argsort", integers(0, 3, 40), [0, 0])
add("argsort", integers(0, 3, 40), [0, 1])
add("argsort", torch.tensor([2**53 + 1, 2**53, -(2**62)]), [0, 0])
for k in (0, 1, 3, 5, -1):
    for largest in (0, 1):
        add("topk", m, [k, 1, largest])
        add("topk", m, [k, 0, largest])
add("topk", torch.tensor([1.0, nan, 3.0]), [2, 0, 1])
add("unique", integers(-2, 3, 3, 5))
for x in (integers(0, 5, 20), i, f, b, mi.abs(), torch.tensor([], dtype=I64)):
    for least in (0, 8):
        add("bincount", x, [least])
for bounds in ((-1.0, 2.5), (0, None), (None, 0), (2, -2), (-1, 2)):
    for x in (f, odd, d, i):
        add("clamp", x, bounds)
for condition, x, y in (
        (b, f, d), (b, i, f), (b, i, numberd), (b, number, numberi), (i, f, f), (truth, f, i),
        (mb, m, normal(4)), (mb, m, normal(3)), (b, b, c), (b, b, i)):
    add("where", [condition, x, y])

parts = [
    ["0"], ["-1"], ["3"], ["-4"], [":"], ["1:"], [":-1"], ["0:9:2"], ["2:1"], ["::-1"], ["::0"],
    [":", "0"], ["None"], ["0", "None"], ["...", "0"], ["...", "None"], ["0", "0"], ["0", "4"],
    ["-9:9"], ["0", "0", "0"], ["...", "..."], [":", "1:3"], [":", "::3"], ["None", "...", "1"],
    ["1", "...", "1"], ["0", "0", "None"], ["5:9", ":2"], ["::1000000000000000000"],
]
for x in (m, mi, mb, m.double()):
    for subscripts in parts:
        add("index", x, (), subscripts)
add("index", number, (), ["0"])
add("index", number, (), ["..."])
add("index", number, (), ["None"])
add("index", f, (), ["-1"])
picks = [
    (m, ["t1"], torch.tensor([2, 0, 2, -1])), (m, ["t1"], torch.tensor([[2, 0], [1, 1]])),
    (m, ["t1"], torch.tensor([3])), (m, ["t1"], torch.tensor([], dtype=I64)), (m, ["t1"], f),
    (m, ["t1"], numberi), (m, ["t1"], torch.tensor(1)), (m, ["t1"], mb), (m, ["t1"], mb[:, 0]),
    (m, ["t1"], mb[0]), (m, ["t1"], truth), (m, ["t1"], torch.tensor(False)),
    (m, [":", "t1"], torch.tensor([3, -4, 3])), (m, [":", "t1"], mb[0]), (m, ["1:", "t1"], mb[0]),
    (m, ["t1", "None"], torch.tensor([2, 0])), (m, ["None", "t1"], torch.tensor([2, 0])),
    (m, ["t1", "0"], torch.tensor([2, 0])), (m, ["0", "t1"], torch.tensor([2, 0])),
    (m, ["t1", "1:3"], torch.tensor([2, 0])), (m, ["t1", "t1"], torch.tensor([2, 0])),
    (m, ["t1", "t2"], torch.tensor([2, 0]), torch.tensor([1, -1])),
    (m, ["t1", "t2"], torch.tensor([[2], [0]]), torch.tensor([1, -1, 0])),
    (m, ["t1", "t2"], torch.tensor([2, 0]), torch.tensor([1, -1, 0])),
    (m, ["t1", "t2"], mb[:, 0], torch.tensor([1])), (m, ["t1", "t2"], mb[:, 0], mb[0]),
    (m, ["t1", "t2", "0"], torch.tensor([0]), torch.tensor([0])),
    (mi, ["t1"], mi > 0), (b, ["t1"], b), (none, ["t1"], none.bool()), (number, ["t1"], truth),
    (cube, ["t1"], torch.tensor([1, 0])), (cube, [":", "t1"], torch.tensor([2, 0])),
    (cube, [":", "t1", "t2"], torch.tensor([2, 0]), torch.tensor([1, 3])),
    (cube, ["t1", ":", "t2"], torch.tensor([1, 0]), torch.tensor([1, 3])),
    (cube, ["t1", "...", "t2"], torch.tensor([[1], [0]]), torch.tensor([1, 3, 2])),
    (cube, ["0", ":", "t1"], torch.tensor([1, 3])), (cube, ["t1"], cube > 0),
    (cube, ["t1"], cube[:, :, 0] > 0), (cube, [":", "t1"], cube[0] > 0),
    (cube, ["...", "t1"], cube[0, 0] > 0), (cube, ["t1", "t2"], cube[:, :, 0] > 0, numberi),
    (cube, ["t1", "None", "t2"], torch.tensor([1, 0]), torch.tensor([1, 2])),
    (cube, ["None", "t1", "::2"], torch.tensor([1, 0, 1])),
    (cube, ["-1", "None", "t1"], torch.tensor([1, 2])),
    (cube, ["t1", "...", "5"], torch.tensor([1, 0])),
]
for x, subscripts, *indices in picks:
    add("index", [x, *indices], (), subscripts)

for x in (m, mi, cube):
    for order in ((1, 0), (0, 1), (-1, 0), (0, 0), (0,), (2, 0, 1), (-1, -3, -2), (0, 1, 3)):
        add("permute", x, order)
    for order in ((0, 1), (-1, 0), (1, 1), (0, 5)):
        add("transpose", x, order)
    for shape in ((12,), (-1,), (2, -1), (-1, -1), (5, -1), (4, 3), (2, 2), (0, -1), (-2, 6)):
        add("reshape", x, shape)
    for shape in ((), (0, 1), (1,), (-2, -1), (1, 0), (0, 7)):
        add("flatten", x, shape)
    for counts in ((2, 2), (1, 2, 1), (2,), (0, 1), (2, 1, 2, 1), (-1, 1)):
        add("repeat", x, counts)
    for dimensions in ((0,), (-1,), (0, 1), (0, 0), (4,), ()):
        add("flip", x, dimensions)
    for diagonal in (0, 1, -1, -9):
        add("tril", x, [diagonal])
        add("triu", x, [diagonal])
    for size, dimension in ((2, 0), (3, -1), (9, 1), (0, 0), (-1, 0), (1, 4)):
        add("split", x, [size, dimension])
        add("chunk", x, [size, dimension])
    for dimension in (0, 1, -1, 3):
        add("unbind", x, [dimension])
    for sizes in ((1, 2), (3, 0), (1, 1), (-1, 4)):
        add("split_sizes", x, [0, *sizes])
    for dimension in (0, 1, -1, 2, 5, -4):
        add("unsqueeze", x, [dimension])
for shape in ((3, 4), (-1, 4), (2, 3, -1), (4,), (3, -1), (-1, 3, 4), (0, 4), (3, 5), (-1, 4, 1)):
    for x in (m, m[:1], m[:, :1], f[:4], number):
        add("expand", x, shape)
for x in (normal(1, 3, 1), number, m):
    for dimension in ((), (0,), (1,), (-1,), (4,)):
        add("squeeze", x, dimension)
for dimension in (0, 1, -1, 2, 3, -4):
    for tensors in ([m, m], [m, mi], [m, m[:2]], [m, m.double()], [b, c], [m]):
        add("stack", tensors, [dimension])
        add("cat", tensors, [dimension])
add("repeat", number, [2])
add("repeat", f, [10**9, 10**9])
add("repeat", f, [2**62, 4])
add("flatten", number)
add("unbind", number, [0])

for x, y in (
        (m, normal(4, 2)), (m, normal(4)), (normal(3), m), (normal(4), normal(4)), (m, m),
        (normal(2, 3, 4), normal(4, 5)), (normal(2, 3, 4), normal(2, 4, 5)),
        (normal(2, 3, 4), normal(4)), (normal(3), normal(2, 3, 4)), (m, normal(2, 4, 5)),
        (normal(2, 1, 3, 4), normal(5, 4, 2)), (normal(2, 3, 4), normal(3, 4, 5)),
        (normal(2, 3, 4), normal(2, 3, 4)), (m, number), (mi, mi.t()), (m, mi.t()), (mb, mb.t()),
        (m.double(), m.t().double()), (m, m.t().double()), (torch.zeros(2, 0), torch.zeros(0, 3)),
        (torch.zeros(2, 0, 3), torch.zeros(3, 4)), (torch.zeros(0, 2, 3), torch.zeros(0, 3, 4))):
    add("@", [x, y])
for x, y in ((f, f), (i, j), (f, i), (m, m), (f, f[:3]), (d, d), (b, b), (none, none)):
    add("dot", [x, y])
    add("outer", [x, y])
for x, y in (
        (m, m[1][None]), (m, m[1]), (m, m.flip(0)), (m, mi), (mi, mi),
        (m, torch.zeros(3, 4)), (m * 1e-9, m), (normal(3, 1, 4), normal(5, 4)), (m, normal(3)),
        (m, normal(3, 1)), (f, f.flip(0)), (ties, m)):
    for dimension in (0, 1, -1, 2):
        add("cosine", [x, y], [dimension])
factors = normal(30, 8) * torch.arange(1, 9)
for x in (factors, factors.double(), normal(4, 9) * torch.arange(1, 10), mi, f):
    for k in (0, 2, 3, 20):
        add("pca", x, [k])
for x in (factors, factors.double(), factors.t(), m, normal(3, 3), f):
    add("svd", x)

for a in ((944, 3), (5, 0, -1, 3), (5, 5), (5, -6), (3,), (0,)):
    add("one_hot", (), a)
for a in (
        (5,), (2, 7), (0, 10, 3), (0, 9, 3), (5, 0, -2), (5, 5, -1), (0, 5, -1), (0, 5, 0), (-3,),
        (10**12,), (0, -(2**62), 1), (-3, 3)):
    add("arange", (), a)
for a in ((0, 1, 0.3), (5,), (1, 0, -0.25), (0, 1, -1), (0, 1, 0), (0, inf), (nan,), (0, 1, 1e-18),
          (0, 1, 0.1), (-1, 1, 0.5)):
    add("arange_float", (), a)
for a in ((-2, 2, 100), (0, 1, 5), (0, 1, 1), (0, 1, 0), (0, 1, -1), (1, 0, 3), (0, 1, 10**12)):
    add("linspace", (), a)
for a in ((3,), (2, 3), (3, 2), (0,), (-1,), (10**9, 10**9)):
    add("eye", (), a)
for a in ((2, 3), (), (0, 2), (-1,), (10**9, 10**9), (2**62, 4)):
    add("zeros", (), a)
    add("full", (), (1.5, *a))
for seed in (0, 42):
    add("randperm", (), (seed, 10))
    add("rand", (), (seed, 3, 5))
    add("randn", (), (seed, 3, 4))
    add("randn", (), (seed, 3, 7))
    add("randint", (), (seed, 0, 10, 4, 2))
    add("randint", (), (seed, -5, 5, 6))
add("randint", (), (0, 5, 5, 3))
add("randperm", (), (0, -1))
add("randperm", (), (0, 0))

print("[" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "]")
print(len(cases), "cases", file=sys.stderr)
