"""Shows that model files go both ways between collab and fastai.

    python fastai_models.py                     writes the small files beside this script
    python fastai_models.py check FILE PAIRS    loads a file that collab wrote into fastai's own model and
                                                compares its predictions with those in PAIRS

PAIRS is a CSV file with the columns user, item and prediction, users and items as indices; `check` needs
numpy, PyTorch, safetensors and fastai. Written with fastai 2.7, PyTorch 2 and safetensors 0.5.
"""

import csv
import json
import sys
from pathlib import Path

import torch
from fastai.collab import EmbeddingDotBias, EmbeddingNN
from safetensors import safe_open
from safetensors.torch import load_file, save_file

HERE = Path(__file__).parent
CLASSES = {
    "user": ["#na#", "3", "7", "12"],
    "title": ["#na#", "Amélie (2001)", "Fargo (1996)", 'Kolya "the boy" (1996)', "Titanic (1997)"],
}


def write():
    """Two models with drawn numbers, and what they predict for every pair."""
    torch.manual_seed(8)
    sizes = [len(classes) for classes in CLASSES.values()]
    dot = EmbeddingDotBias(3, *sizes, y_range=(0, 5.5))
    net = EmbeddingNN([(sizes[0], 2), (sizes[1], 3)], [6, 4], y_range=(0.25, 5.25))
    with torch.no_grad():
        for model in (dot, net):
            for value in model.state_dict().values():
                if value.is_floating_point():
                    value.copy_((torch.rand(value.shape) + 0.1) * 0.5)
    pairs = torch.cartesian_prod(*(torch.arange(size) for size in sizes))
    for name, model, y_range in (("dot_bias", dot, dot.y_range), ("nn", net, (0.25, 5.25))):
        metadata = {"classes": json.dumps(CLASSES), "y_range": json.dumps(y_range)}
        save_file(model.state_dict(), HERE / f"{name}.safetensors", metadata)
        model.eval()
        with torch.no_grad():
            predictions = model(pairs) if name == "dot_bias" else model(pairs, torch.empty(len(pairs), 0))
        lines = [f"{u},{i},{p:.9g}" for (u, i), p in zip(pairs.tolist(), predictions.flatten().tolist())]
        (HERE / f"{name}.csv").write_text("user,item,prediction\n" + "\n".join(lines) + "\n")


def check(path, pairs_path):
    """Strict loading, and the same predictions to 1e-6."""
    state = load_file(path)
    with safe_open(path, "pt") as file:
        configuration = json.loads(file.metadata()["configuration"])
    y_range = configuration["y_range"] or None
    if "u_weight.weight" in state:
        (users, factors), items = state["u_weight.weight"].shape, len(state["i_weight.weight"])
        model = EmbeddingDotBias(factors, users, items, y_range=y_range)
    else:
        sizes = [tuple(state[f"embeds.{side}.weight"].shape) for side in (0, 1)]
        model = EmbeddingNN(sizes, [int(n) for n in configuration["layers"]], y_range=y_range)
    model.load_state_dict(state)
    model.eval()
    with open(pairs_path) as lines:
        rows = list(csv.DictReader(lines))
    pairs = torch.tensor([[int(row["user"]), int(row["item"])] for row in rows])
    with torch.no_grad():
        if isinstance(model, EmbeddingNN):
            predictions = model(pairs, torch.empty(len(pairs), 0))
        else:
            predictions = model(pairs)
    expected = torch.tensor([float(row["prediction"]) for row in rows])
    difference = (predictions.flatten() - expected).abs().max().item()
    print(f"{len(rows)} predictions, largest difference {difference:.2g}")
    assert difference <= 1e-6, "the predictions differ"


if __name__ == "__main__":
    check(*sys.argv[2:]) if sys.argv[1:2] == ["check"] else write()
