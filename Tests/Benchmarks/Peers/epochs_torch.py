"""Epochs of dot product and biases in a plain PyTorch loop with fused AdamW, on one thread.
usage: epochs_torch.py ML-100K-FOLDER"""
import sys
from common import Clock, need

torch, np = need("torch", "numpy")
torch.set_num_threads(1)
torch.manual_seed(42)
data = np.loadtxt(f"{sys.argv[1]}/u.data", dtype=np.int64)
users, items, stars = (torch.tensor(data[:, k]) for k in range(3))
stars = stars.float()
order = torch.randperm(len(stars))
train, valid = order[20000:], order[:20000]
tables = [torch.nn.Embedding(n, k) for n, k in ((944, 50), (1683, 50), (944, 1), (1683, 1))]
for table in tables:
    torch.nn.init.trunc_normal_(table.weight, std=0.01)
weights = [table.weight for table in tables]
adam = torch.optim.AdamW(weights, lr=5e-3, betas=(0.9, 0.99), eps=1e-5, weight_decay=0.1, fused=True)
steps, epochs = len(train) // 64, 5
cycle = torch.optim.lr_scheduler.OneCycleLR(adam, 5e-3, total_steps=steps * epochs)


def loss(rows):
    u, i = users[rows], items[rows]
    sum = (tables[0](u) * tables[1](i)).sum(1) + tables[2](u).squeeze(1) + tables[3](i).squeeze(1)
    return ((torch.sigmoid(sum) * 5.5 - stars[rows]) ** 2).mean()


clock = Clock()
for _ in range(epochs):
    shuffled = train[torch.randperm(len(train))]
    clock.start()
    for k in range(steps):
        adam.zero_grad(set_to_none=True)
        loss(shuffled[k * 64:(k + 1) * 64]).backward()
        adam.step()
        cycle.step()
    with torch.no_grad():
        loss(valid)
    clock.lap()
clock.report()
