package import CollabInterpreter

/// The modules of Python that the chapter imports, and what is in them beside functions.
package enum Namespaces {
  package static let all: [Namespace] =
    [
      Namespace("math", title: "<module 'math'>", constants: numbers, hasFunctions: true),
      Namespace("random", title: "<module 'random'>"),
      Namespace(
        "re", title: "<module 're'>",
        constants: ["I": .text("I"), "IGNORECASE": .text("I")]),
      Namespace("operator", title: "<module 'operator'>", hasFunctions: true),
      Namespace("string", title: "<module 'string'>", constants: letters),
      Namespace("copy", title: "<module 'copy'>"),
      Namespace("itertools", title: "<module 'itertools'>", hasFunctions: true),
      Namespace("collections", title: "<module 'collections'>", hasFunctions: true),
      Namespace("functools", title: "<module 'functools'>", hasFunctions: true),
      Namespace("pd", title: "<module 'pandas'>", constants: missing, hasFunctions: true),
      Namespace("pandas", title: "<module 'pandas'>", constants: missing, hasFunctions: true),
      Namespace("torch", title: "<module 'torch'>", constants: torch, hasFunctions: true),
      Namespace("nn", title: "<module 'torch.nn'>", hasFunctions: true),
      Namespace("torch.nn", title: "<module 'torch.nn'>", kind: "nn", hasFunctions: true),
    ] + numpy + functional

  /// numpy under the names that it goes by.
  private static let numpy = ["np", "numpy"].flatMap { name in
    [
      Namespace(
        name, title: "<module 'numpy'>", kind: "np", constants: arrays, hasFunctions: true),
      Namespace("\(name).random", title: "<module 'numpy.random'>", kind: "np.random"),
      Namespace("\(name).linalg", title: "<module 'numpy.linalg'>", kind: "np.linalg"),
    ]
  }

  /// `nn.functional` under the names that it goes by.
  private static let functional = ["F", "nn.functional", "torch.nn.functional"].map {
    Namespace($0, title: "<module 'torch.nn.functional'>", kind: "F", hasFunctions: true)
  }

  // MARK: - Values

  private static let numbers: [String: Namespace.Constant] = [
    "pi": .number(.pi), "e": .number(2.718281828459045), "inf": .number(.infinity),
    "nan": .number(.nan), "tau": .number(2 * .pi),
  ]

  private static let letters: [String: Namespace.Constant] = [
    "ascii_lowercase": .text("abcdefghijklmnopqrstuvwxyz"),
    "ascii_uppercase": .text("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    "ascii_letters": .text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    "digits": .text("0123456789"), "hexdigits": .text("0123456789abcdefABCDEF"),
    "punctuation": .text("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
  ]

  private static let missing: [String: Namespace.Constant] = ["NA": .number(.nan)]

  private static let arrays = types(
    [
      "float64", "float32", "int64", "int32", "int16", "int8", "uint8", "bool", "float", "int",
    ], in: ""
  ).merging(
    numbers.merging([
      "ndarray": .type("numpy.ndarray"), "bool_": .type("bool"), "newaxis": .nothing,
    ]) { $1 }
  ) { $1 }

  private static let torch =
    types(
      ["float64", "float32", "int64", "int32", "int16", "int8", "uint8", "bool", "Tensor", "Size"],
      in: "torch."
    ).merging(
      numbers.merging([
        "float": .type("torch.float32"), "double": .type("torch.float64"),
        "long": .type("torch.int64"), "int": .type("torch.int32"), "short": .type("torch.int16"),
      ]) { $1 }
    ) { $1 }

  private static func types(
    _ names: [String], in module: String
  ) -> [String: Namespace.Constant] {
    Dictionary(uniqueKeysWithValues: names.map { ($0, .type(module + $0)) })
  }
}
