"""Writes what Python, numpy and PyTorch 2.13 print for formulas, as a script that checks itself.

Run with torch and numpy installed: python make_expressions.py
"""

import builtins
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn  # noqa: F401
import torch.nn.functional as F  # noqa: F401
from numpy import array  # noqa: F401
from torch import *  # noqa: F403

from builtins import abs, all, any, bool, float, int, list, max, min, range, round, str, tuple  # noqa

sum = builtins.sum

SETUP = """x = arange(12.).view(3,4)
y = tensor([[1,2,3],[4,5,6]])
v = tensor([0.98,0.9,-0.9])
b = tensor([True,False,True])
e = tensor([1e-8,1.,1e6])
big = arange(1001)
i = tensor([2,0,1])"""

FORMULAS = r"""
x
y
v
b
e
big
x.sum()
x.sum(0)
x.sum(dim=1)
x.sum(dim=1, keepdim=True)
x.sum((0,1))
x.mean(1)
x.std(1)
x.var(0)
x.max()
x.max(1)
x.min(0)
x.argmax()
x.argmax(1)
x.argsort(descending=True)
x.sort(descending=True)
v.sort()
v.argsort()
v.topk(2)
x.t()
x.T.shape
x[0]
x[:,1]
x[1:,::2]
x[-1,-1]
x[None].shape
x[...,None].shape
x[i]
x[i,i]
x[x>5]
x[b]
y*2
y/2
y//2
y%2
y**2
y@tensor([1,1,1])
y.float()@v
y.dtype
x.dtype
x.shape
x.size()
x.size(0)
x.numel()
x.ndim
len(x)
x.view(-1)
x.view(2,6)
x.reshape(4,-1)
x.flatten()
x.unsqueeze(0).shape
x.unsqueeze(-1).shape
x.squeeze().shape
cat([x,x]).shape
cat([v,v])
stack([v,v])
stack([v,v],dim=1)
x.exp()
v.exp()
v.sigmoid()
sigmoid(v)
relu(v)
v.abs()
v.softmax(0)
F.softmax(x,dim=1)
x.log()
sqrt(x)
v.clamp(0)
v.clamp(min=0,max=0.95)
v.norm()
x.norm(dim=1)
v.dot(v)
(v*v).sum()
(v*v).sum().item()
v.tolist()
v.numpy()
y.tolist()
y.float()
y.double()
v.long()
v > 0
v >= 0.9
(v>0).sum()
(v>0).float()
(v>0).all()
(v>0).any()
v == v
v.allclose(v)
zeros(2,3)
ones(2)
full((2,2),7.)
full((2,2),7)
eye(3)
arange(5)
arange(1,10,2)
arange(0,1,0.25)
linspace(-2,2,5)
zeros(0)
zeros(2,0)
tensor(3)
tensor(3.)
tensor([])
tensor([[1.5,float('nan')],[float('inf'),-1]])
tensor([1e10,1.])
tensor([1e-5,1.])
tensor([100000.,0.5])
tensor([12345678.,1.])
tensor([0.1234567,123.4567])
tensor([-1.,2.])
tensor([1,-1000])
tensor([True])
tensor([1.]).double()
tensor([[[1.,2.],[3.,4.]],[[5.,6.],[7.,8.]]])
F.one_hot(tensor([0,2]),3)
torch.where(v>0,v,0.)
v.unsqueeze(1)*v
outer(v,v)
v[None]@v[:,None]
cosine_similarity(v,v,dim=0)
F.cosine_similarity(x,x[:1],dim=1)
nn.CosineSimilarity(dim=1)(x,x[0][None])
maximum(v,zeros(3))
minimum(v,zeros(3))
x.cumsum(0)
v.prod()
x.median()
x.median(1)
v.round()
v.floor()
v.ceil()
v.sign()
v.pow(2)
2**v
1-v
1/v
-v
v.mean()
y.sum()
y.float().mean()
y.max(dim=0)
y.unique()
tensor([3,1,3]).unique()
x.transpose(0,1).shape
x.permute(1,0).shape
x.expand(2,3,4).shape
v.repeat(2)
v.repeat(2,1)
x.chunk(2)
x.unbind()
x.tril()
x.triu()
x.flip(0)
x.nonzero()
(x>9).nonzero()
F.mse_loss(v,zeros(3))
list(range(3))
[1,2.5,'a',None,True]
(1,2)
(1,)
()
[]
'abc'
"it's"
'say "hi"'
3.0
1e20
1e-7
123456789.123
2.1420000000000003
0.1+0.2
7/2
7//2
-7//2
-7%3
2**-1
2**0.5
10/5
True
not True
1==1.0
'a'+'b'
'a' in 'abc'
3 in [1,2,3]
[i*2 for i in range(3)]
[a*b for a,b in zip([1,2,3],[4,5,6])]
[i for i in range(10) if i%2==0]
sum([a*b for a,b in zip([1,2,3],[4,5,6])])
max([1,5,2])
sorted([3,1,2])
len('abc')
str(3.5)
int(3.9)
float(2)
round(3.14159,2)
abs(-2.5)
f'{3.14159:.2f}'
f'{1000000:,}'
f'{0.5:.1%}'
f'{5:03d}'
f'{"a":>5}'
f'{v.sum():.3f}'
f'a={1}'
array([0.98,0.9,-0.9])
array([1,2,3])
(array([0.98,0.9,-0.9])*array([0.9,0.8,-0.6])).sum()
array([1.,2.])*2
array([[1,2],[3,4]])
array([1,2,3]).mean()
array([1.5,2.5]).sum()
array([1,2])+array([3,4])
array([1,2])@array([3,4])
x.requires_grad
v.is_leaf
v.device
type(v)
x.data[0]
bool(tensor(1))
float(v[0])
int(y[0,0])
v[0].item()
y[0,0].item()
y[0].tolist()
tuple([1,2])
list('abc')
x[1,2]
x[0:2,1:3]
x[:,-1]
x[[0,2]]
x[:,[0,2]]
y.T
y.shape[1]
x.mean(dim=0,keepdim=True)
x-x.mean(1,keepdim=True)
(x-x.mean())/x.std()
x.isnan().any()
x.masked_fill(x>5,0.)
x.logsumexp(1)
x.amax(1)
x.gather(1,tensor([[0],[1],[2]]))
x.index_select(0,tensor([0,2]))
x.diag()
x.view(2,2,3).sum(dim=(0,2))
torch.bmm(x.view(2,2,3),x.view(2,3,2))
x.trace()
v.var(unbiased=False)
v.argmin()
x.count_nonzero()
F.normalize(x,dim=1)
torch.randint(0,10,(3,))
torch.rand(3)
torch.randn(2,3)
torch.randperm(5)
torch.zeros_like(x).shape
torch.ones_like(v)
torch.tensor([[1,2],[3,4]],dtype=torch.float32)
torch.zeros(3,dtype=torch.int64)
torch.arange(3,dtype=torch.float32)
torch.nn.Embedding(3,2)(tensor([1])).shape
nn.Linear(3,2)(v).shape
nn.ReLU()(v)
nn.Sequential(nn.Linear(3,2),nn.ReLU())
nn.Linear(3,2)
nn.Embedding(4,2)
nn.Linear(1,3,bias=False)
nn.BatchNorm1d(4)
nn.Dropout(0.5)
nn.Sigmoid()(v)
nn.Tanh()(v)
F.dropout(v,0.5).shape
F.linear(v,ones(2,3))
torch.sum(x)
torch.mean(x)
torch.max(x)
torch.max(x,1)
torch.std(v)
torch.exp(v)
torch.abs(v)
torch.matmul(y.float(),v)
torch.mm(x,x.t())
torch.dot(v,v)
torch.norm(v)
torch.argmax(v)
torch.sort(v)
torch.topk(v,2)
torch.transpose(x,0,1).shape
torch.reshape(x,(2,6)).shape
torch.numel(x)
torch.isclose(v,v)
torch.equal(v,v)
torch.cumsum(v,0)
torch.flip(v,[0])
torch.roll(v,1)
torch.clamp(v,0,1)
torch.sign(v)
torch.floor(v)
torch.tanh(v)
torch.log(ones(2))
torch.unique(tensor([1,1,2]))
torch.bincount(tensor([0,1,1]))
torch.diag(v)
torch.tril(ones(3,3))
torch.linalg.norm(v)
torch.count_nonzero(v)
torch.squeeze(ones(1,3))
torch.hstack([v,v])
torch.vstack([v,v])
torch.split(v,2)
torch.any(b)
torch.logical_not(b)
b.sum()
b.float().mean()
x.add_(1)
"""


def shown(value, formula):
    """The text below a cell."""
    if isinstance(value, type):
        return f"{value.__module__}.{value.__qualname__}"
    return repr(value.item() if isinstance(value, np.generic) else value)


torch.manual_seed(42)
exec(SETUP)
lines = ["%% code id=setup", SETUP, "seed 42"]
for formula in FORMULAS.strip().split("\n"):
    text = shown(eval(formula), formula)
    lines += ["", "%% code", formula] + [f"#> {line}" for line in text.split("\n")]
Path(__file__).with_name("expressions.collab").write_text("\n".join(lines) + "\n")
