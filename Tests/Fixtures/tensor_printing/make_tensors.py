"""Prints tensors with PyTorch and writes down what it printed.

    python make_tensors.py > tensors.json      (PyTorch 2.13.0, Python 3.11)

Elements are the hexadecimal digits of their bytes, little-endian, so that the other side prints
exactly the same numbers.
"""

import json
import math
import sys

import torch

torch.manual_seed(20)
nan, inf = math.nan, math.inf
cases = []


def add(name, tensor, operation=None, parameter=False):
    gradient = "none"
    shown = tensor
    if parameter:
        shown, gradient = torch.nn.Parameter(tensor), "required"
    elif operation == "required":
        shown, gradient = tensor.clone().requires_grad_(), "required"
    elif operation:
        leaf = tensor.clone().requires_grad_()
        shown = operation(leaf)
        gradient = type(shown.grad_fn).__name__
        tensor = shown.detach()
    values = tensor.detach().contiguous()
    cases.append({
        "name": name,
        "dtype": str(tensor.dtype).removeprefix("torch."),
        "shape": list(tensor.shape),
        "bytes": values.numpy().tobytes().hex(),
        "gradient": gradient,
        "isParameter": parameter,
        "text": repr(shown),
    })


f32, f64, i64 = torch.float32, torch.float64, torch.int64

for name, values in {
    "one": [1.0], "integers": [1.0, 2.0, 3.0], "decimals": [0.98, 0.9, -0.9], "zero": [0.0],
    "zeros": [0.0] * 5, "negative zero": [-0.0], "negative zeros": [-0.0, 0.0, 1.5],
    "negative zero among integers": [-0.0, 2.0], "nan": [nan], "nan and integers": [nan, 1.0, 200.0],
    "nan and decimals": [nan, 1.5], "inf": [inf], "both inf": [inf, -inf, 1.0],
    "inf and decimals": [inf, -inf, 0.25], "inf and exponents": [inf, -inf, nan, 1e-7],
    "all not finite": [nan, inf, -inf], "tiny": [1e-5, 2e-5], "huge": [1e9, 2e9],
    "far apart": [0.001, 10.0], "just near enough": [0.01, 10.0], "just too far": [0.00999, 10.0],
    "1e8": [1e8], "over 1e8": [1.00000008e8], "1e-4": [1e-4], "under 1e-4": [0.99e-4],
    "over 1e-4": [1.01e-4], "subnormal": [1e-42, 1e-40], "largest": [3.4e38, 1.0],
    "integers far apart": [1.0, 5000.0], "integers near": [5.0, 5000.0], "negative": [-1.0, -2.5],
    "mixed widths": [-1000.5, 3.25, 17.0], "rounds up": [0.99995, 0.00005 * 3],
    "half even": [0.00005, 0.00015, 0.00025, 0.5], "one decimal": [1.5], "thirds": [1 / 3, 2 / 3],
    "big integers": [16777216.0, 99999999.0], "twos": [2.0**k for k in range(10)],
}.items():
    add(f"float32 {name}", torch.tensor(values, dtype=f32))
    add(f"float64 {name}", torch.tensor(values, dtype=f64))

for name, values in {
    "one": [1], "some": [1, 2, 3], "negative": [-5, 10, 0], "large": [2**53 + 1, 7],
    "largest": [2**63 - 1, -(2**63)], "wide": list(range(0, 100000, 3571)),
}.items():
    add(f"int64 {name}", torch.tensor(values, dtype=i64))
for name, values in {"true": [True], "mixed": [True, False], "all true": [True] * 3,
                     "all false": [False] * 3, "many": [k % 3 == 0 for k in range(40)]}.items():
    add(f"bool {name}", torch.tensor(values))

scalars = [(2.142, f32), (2.142, f64), (5.0, f32), (0.0, f32), (-0.0, f64), (nan, f32), (-inf, f32),
           (1e-9, f32), (123456789.0, f32), (1234.5678, f64), (3, i64), (-7, i64), (True, torch.bool)]
for value, dtype in scalars:
    add(f"scalar {value} {dtype}", torch.tensor(value, dtype=dtype))

for shape in [(0,), (0, 3), (3, 0), (2, 0, 4), (0, 0)]:
    for dtype in (f32, f64, i64, torch.bool):
        add(f"empty {shape} {dtype}", torch.empty(shape, dtype=dtype))
add("empty that requires gradients", torch.empty(0, 3), "required")

shapes = [(3,), (2, 3), (1, 1), (1, 5), (5, 1), (2, 2, 3), (1, 1, 1), (2, 1, 2, 2), (4, 3, 2),
          (12,), (30,), (100,), (7, 12), (3, 25), (2, 2, 2, 2, 2)]
for shape in shapes:
    add(f"normal {shape}", torch.randn(shape))
    add(f"integers {shape}", torch.randint(-50, 50, shape))
    add(f"whole floats {shape}", torch.randint(-5, 5, shape).float())
for shape in [(3,), (2, 3), (2, 2, 3), (40,)]:
    add(f"double {shape}", torch.randn(shape, dtype=f64))
    add(f"exponents {shape}", torch.randn(shape) * 10.0 ** torch.randint(-6, 6, shape).float())
    add(f"truth {shape}", torch.randn(shape) > 0)

for shape in [(1000,), (1001,), (40, 40), (1000, 2), (2, 600), (30, 5, 5), (7, 7, 21), (3, 400),
              (6, 6, 30), (2, 501), (1001, 1), (1, 1001)]:
    add(f"long {shape}", torch.randn(shape).mul(8).round().div(8))
for dtype in (f64, i64, torch.bool):
    add(f"long {dtype}", torch.arange(1100).remainder(7).to(dtype))
# What is left out does not decide how the rest is written.
add("long with a huge middle",
    torch.cat([torch.ones(600), torch.tensor([1e12]), torch.ones(600)]))
add("long with a huge end", torch.cat([torch.ones(1200), torch.tensor([1e12])]))
add("long that requires gradients", torch.ones(1001), "required")

for shape in [(3,), (2, 3), (9,), (10,), (11,)]:
    add(f"requires gradients {shape}", torch.randn(shape), "required")
    add(f"parameter {shape}", torch.randn(shape), parameter=True)
add("parameter of ones", torch.ones(3), parameter=True)
add("parameter of doubles", torch.ones(3, 2, dtype=f64), parameter=True)
add("embedding", torch.randn(20, 5) * 0.01, parameter=True)
add("double that requires gradients", torch.randn(4, dtype=f64), "required")
for name, operation in {
    "product": lambda x: x * 2, "sum": lambda x: x.sum(), "sigmoid": torch.sigmoid,
    "matrix product": lambda x: x @ torch.ones(3, 2), "rows": lambda x: x[torch.tensor([0, 1, 1])],
    "double product": lambda x: x.double() * 3,
}.items():
    add(f"result of {name}", torch.randn(2, 3), operation)
add("result on a full line", torch.randn(6), lambda x: x * 2)
add("result on a fuller line", torch.randn(5), lambda x: x * 2)

print(f"{len(cases)} cases, PyTorch {torch.__version__}", file=sys.stderr)
print("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]")
