package import CollabInterpreter
import CollabLanguage
import CollabTensors

/// The modules of Python that the chapter imports, and what is in them beside functions.
package enum Namespaces {
  package static let all: [Namespace] =
    [
      Namespace(
        "np", title: "<module 'numpy'>",
        constants: numbers.merging([
          "float64": .type("float64"), "float32": .type("float32"), "int64": .type("int64"),
          "int32": .type("int32"), "int8": .type("int8"), "uint8": .type("uint8"),
          "bool_": .type("bool"), "ndarray": .type("numpy.ndarray"),
        ]) { own, _ in own }, hasFunctions: true),
      Namespace("np.random", title: "<module 'numpy.random'>"),
      Namespace("np.linalg", title: "<module 'numpy.linalg'>"),
      Namespace("math", title: "<module 'math'>", constants: numbers, hasFunctions: true),
      Namespace("random", title: "<module 'random'>"),
      Namespace("operator", title: "<module 'operator'>", hasFunctions: true),
      Namespace("functools", title: "<module 'functools'>", hasFunctions: true),
      Namespace("itertools", title: "<module 'itertools'>"),
      Namespace(
        "pd", title: "<module 'pandas'>", constants: ["NA": .number(.nan)], hasFunctions: true),
      Namespace(
        "torch", title: "<module 'torch'>", constants: numbers.merging(types) { own, _ in own },
        hasFunctions: true),
    ]
    + ["nn", "torch.nn", "torch.linalg"].map {
      Namespace($0, title: "<module '\($0)'>", hasFunctions: true)
    }
    + functional

  /// `nn.functional` under the names that it goes by.
  private static let functional = ["F", "nn.functional", "torch.nn.functional"].map {
    Namespace($0, title: "<module 'torch.nn.functional'>", kind: "F", hasFunctions: true)
  }

  private static let numbers: [String: Namespace.Constant] = [
    "pi": .number(.pi), "e": .number(2.718281828459045), "inf": .number(.infinity),
    "nan": .number(.nan),
  ]

  private static let types: [String: Namespace.Constant] = [
    "Tensor": .type("torch.Tensor"), "Size": .type("torch.Size"), "float": .type("torch.float32"),
    "double": .type("torch.float64"), "long": .type("torch.int64"), "int": .type("torch.int32"),
    "short": .type("torch.int16"), "float32": .type("torch.float32"),
    "float64": .type("torch.float64"), "int64": .type("torch.int64"), "int32": .type("torch.int32"),
    "int16": .type("torch.int16"), "int8": .type("torch.int8"), "uint8": .type("torch.uint8"),
    "bool": .type("torch.bool"),
  ]
}
