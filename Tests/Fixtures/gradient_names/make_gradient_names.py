"""Writes what PyTorch 2.13 prints for results of recorded operations, as a script that checks itself.

Run with torch installed: python make_gradient_names.py
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import *  # noqa: F403

FORMULAS = """
x*2; x+1; 1-x; x-x; x/2; 2/x; -x; x**2; x**x; 2**x; x.sum(); x.sum(0); x.mean(); x.mean(0)
x.std(); x.std(0); x.var(); x.max(); x.min(); x.exp(); x.log(); x.sqrt(); x.sigmoid(); x.relu()
x.tanh(); x.abs(); x.softmax(0); x.log_softmax(0); w@x; x@x; w@w; x@w; w.t(); w.T; w.view(9)
w.reshape(9); w[0]; w[0,1]; w[:,0]; w[1:]; w[:]; w[:,1:]; w[None]; w[:,None]; w[...,0]; w[...]
w[0,:]; w[0:3,0]; w[[0,1]]; w[tensor([0,1])]; w[w>0]; x.squeeze(); x.unsqueeze(0)
x[None].squeeze(); x[None].squeeze(0); cat([x,x]); stack([x,x]); x.clone(); x.double()
x.clamp(0,1); w.norm(); x.prod(); x.cumsum(0); cosine_similarity(x,x,dim=0); F.mse_loss(x,x*2)
w.expand(2,3,3); w.permute(1,0); w.transpose(0,1); w.flatten(); where(x>0,x,x); x.dot(x); w.mm(w)
outer(x,x); x.flip(0); x.repeat(2); w.sum(dim=1,keepdim=True); maximum(x,x*2); minimum(x,x*2)
x.round(); x.detach(); x.sort().values; x.topk(2).values; x.max(0).values; x.median()
w.unbind()[0]; w.chunk(3)[0]; w.tril(); w.triu(); (w[:,0]*x).sum(); sigmoid(x); relu(x); x%2
w.unsqueeze(0)@w.unsqueeze(0); x.floor(); x.sign(); x.sin(); x.cos(); w.std(dim=1)
w.mean(dim=1,keepdim=True); w.sum(dim=(0,1)); w.t()@w; (w*x).sum(dim=1); softmax(w,dim=1)*2
x.float(); x.pow(3); x.square(); w.view(-1); w.max(dim=1); w.min(dim=1); w.sort(); w.topk(2)
w.median(dim=1); w.prod(dim=0); x[0]*x[1]; x.log2(); x.log10(); x.log1p(); x.add(1); x.mul(x)
F.l1_loss(x,x*2)
"""

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
w = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 7.0], [0.0, 1.0, -1.0]], requires_grad=True)
lines = [
    "%% code id=setup",
    "x = tensor([1.,2.,3.]).requires_grad_()",
    "w = tensor([[1.,2.,3.],[4.,5.,7.],[0.,1.,-1.]]).requires_grad_()",
]
for formula in [f.strip() for f in FORMULAS.replace("\n", ";").split(";") if f.strip()]:
    shown = repr(eval(formula))
    lines += ["", "%% code", formula] + [f"#> {line}" for line in shown.split("\n")]
path = Path(__file__).with_name("gradient_names.collab")
path.write_text("\n".join(lines) + "\n")
