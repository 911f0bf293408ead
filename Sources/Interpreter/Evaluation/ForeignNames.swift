/// Names that Python's libraries have and this language has not: what to type instead.
package enum ForeignNames {
  /// A line that runs as it stands, of what there is in place of a name; nil for other names.
  package static func instead(of name: String) -> String? { lines[name] }

  /// A line that runs as it stands, of what there is in place of a name behind a dot.
  package static func insteadOfMember(_ name: String) -> String? {
    name == "half" ? "ones(2).float()" : lines[name]
  }

  /// All lines, by the names that they stand in for.
  package static let lines = [
    // PyTorch
    "optim": "w = ones(2).requires_grad_(); (w * w).sum().backward(); w.data -= 0.1 * w.grad",
    "float16": "ones(2, dtype=torch.float32)",
    "bfloat16": "ones(2, dtype=torch.float32)",
    "DataLoader": "dataloaders ratings bs=64",
    "autograd": "x = tensor(2.).requires_grad_(); (x * x).backward(); x.grad",
    // numpy
    "default_rng": "np.random.seed(42); np.random.rand(3)",
    // pandas
    "to_datetime": "1970 + pd.Series([881250949]) // 31556952",
    "date_range": "list(range(1997, 2000))",
    "cat": "pd.factorize(pd.Series(['a', 'b', 'a']))[0]",
    "Categorical": "pd.factorize(pd.Series(['a', 'b', 'a']))[0]",
    "to_string": "print(pd.DataFrame({'a': [1, 2]}))",
    "memory_usage": "pd.DataFrame({'a': [1, 2]}).info()",
    "swapaxes": "pd.DataFrame({'a': [1, 2]}).T",
    // Python
    "encode": "[ord(c) for c in 'abc']",
    "bytes": "[ord(c) for c in 'abc']",
    "complex": "math.hypot(3, 4)",
    "id": "a = [1]; a is a",
    "shuffle": "l = [1, 2, 3]; l = random.sample(l, len(l))",
    "open": "help read_csv",
  ]
}
