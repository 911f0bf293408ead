"""Writes which gradients PyTorch refuses after a change in place, and what they are otherwise.

Run with torch installed: python make_cases.py
"""

import json
import re
from pathlib import Path

import torch

USES = """
w+t; w-t; t-w; w*t; t*w; w/t; t/w; w**2; w**t; t**w; w*w; w.t()@t; t.t()@w; w@v; v@w.t(); w[i]; w[1]
w[:,0]; w.index_select(0,i); w[m]; where(m,w,t); maximum(w,t); w.exp(); w.log(); w.sqrt(); w.sigmoid()
w.tanh(); w.relu(); w.abs(); w.sum(); w.mean(); w.max(); w.std(); w.norm(); w.prod(); w.softmax(1)
w.logsumexp(1); w.clamp(1.5,4.5); cat([w,t]); w.view(6); w.masked_fill(m,0.); w%t; w.cumsum(0)
w.round(); w.sin(); w.clone(); (w*2)*t; w.gather(1,i.view(2,1)-1); stack([w,t]); w.unsqueeze(0)
w.std(1); w.var(); w.log_softmax(1)
"""


def names():
    w = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], requires_grad=True)
    t = torch.tensor([[2.0, 1.0], [1.0, 3.0], [2.0, 2.0]])
    own = {"w": w, "t": t, "i": torch.tensor([1, 2]), "v": torch.tensor([1.0, 2.0]), "m": t > 1.5}
    return own | {name: getattr(torch, name) for name in ("where", "maximum", "cat", "stack")}


def gradient(use, changed=None):
    own = names()
    y = eval(use, {}, own)
    q = y.sum()
    if changed:
        with torch.no_grad():
            (y.detach() if changed == "y" else own[changed]).fill_(1)
    try:
        q.backward()
    except RuntimeError as error:
        assert "inplace operation" in str(error)
        return None
    return [round(x, 5) for x in own["w"].grad.flatten().tolist()]


cases = []
for use in re.split(r"[;\n]", USES):
    use = use.strip()
    if not use:
        continue
    bare = re.sub(r"\.\w+", "", use)
    for changed in "twimvy":
        if changed == "y" or re.search(rf"\b{changed}\b", bare):
            refused = gradient(use, changed) is None
            cases.append(dict(use=use, changed=changed, refused=refused, gradient=gradient(use)))
text = ",\n".join(json.dumps(case) for case in cases)
(Path(__file__).parent / "cases.json").write_text(f"[\n{text}\n]\n")
