/// Names that Python's libraries have and this language has not: what to type instead.
package enum ForeignNames {
  /// A line that runs as it stands, of what there is in place of a name; nil for other names.
  package static func instead(of name: String) -> String? { lines[name] }

  /// All lines, by the names that they stand in for.
  package static let lines = [
    // PyTorch
    "optim": "w = ones(2).requires_grad_(); (w * w).sum().backward(); w.data -= 0.1 * w.grad",
    "ModuleList": "Sequential(Linear(4, 2), ReLU())",
    "Softmax": "softmax(tensor([1., 2.]), dim=0)",
    "LogSoftmax": "log_softmax(tensor([1., 2.]), dim=0)",
    "Flatten": "ones(2, 3, 4).flatten(1)",
    "LeakyReLU": "x = tensor([-1., 2.]); where(x > 0, x, 0.01 * x)",
    "GELU": "x = tensor([-1., 2.]); x * (1 + erf(x / 2 ** 0.5)) / 2",
    "LayerNorm": "x = randn(2, 4); (x - x.mean(1, keepdim=True)) / x.std(1, keepdim=True)",
    "state_dict": "Linear(2, 1).named_parameters()",
    "DataLoader": "dataloaders ratings bs=64",
    // numpy
    "default_rng": "np.random.seed(42); np.random.rand(3)",
    // pandas
    "to_datetime": "1970 + pd.Series([881250949]) // 31556952",
    "date_range": "list(range(1997, 2000))",
    "insert": "ratings.assign(good=ratings.rating > 3)",
    "pop": "ratings.drop(columns='title')",
    "ewm": "ratings.rating.rolling(3).mean()",
    "stack": "ratings.melt(id_vars='user', value_vars=['rating'])",
    "cat": "pd.factorize(ratings.title)[0]",
    // Python
    "shuffle": "l = [1, 2, 3]; l = random.sample(l, len(l))",
    "Counter": "pd.Series(['a', 'b', 'a']).value_counts().to_dict()",
    "defaultdict": "d = {}; d.setdefault('a', []).append(1)",
    "partial": "f = lambda x: pow(2, x)",
    "frozenset": "tuple({1, 2, 1})",
    "product": "[(a, b) for a in [1, 2] for b in ['x', 'y']]",
    "chain": "[x for part in [[1], [2, 3]] for x in part]",
    "open": "help read_csv",
  ]
}
