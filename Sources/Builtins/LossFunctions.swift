package import CollabInterpreter
import CollabLanguage
import CollabLearning
package import CollabTensors

/// Losses: as functions of predictions and targets, and as objects that are called later.
package enum LossFunctions {
  package static let all = functions + objects

  /// How the losses of single elements become one.
  fileprivate enum Reduction: String, CaseIterable {
    case mean, sum, none
  }

  /// A loss of each element, with the name of its gradient.
  private struct Formula: Sendable {
    let function: String
    let module: String
    let summary: String
    let example: String
    let gradient: StaticString
    let ofElements: @Sendable (Tensor, Tensor) throws -> Tensor
  }

  private static let formulas: [Formula] = [
    Formula(
      function: "mse_loss", module: "MSELoss", summary: "the mean squared error of predictions",
      example: "tensor([1., 2.]), tensor([1., 4.])", gradient: "MseLossBackward0"
    ) { x, target in
      let error = try x - target
      return try error * error
    },
    Formula(
      function: "l1_loss", module: "L1Loss", summary: "the mean absolute error of predictions",
      example: "tensor([1., 2.]), tensor([1., 4.])", gradient: "MeanBackward0"
    ) { x, target in try (x - target).absolute() },
    Formula(
      function: "smooth_l1_loss", module: "SmoothL1Loss",
      summary: "half the squared error of predictions, or if it is above 1 about the absolute one",
      example: "tensor([1., 2.]), tensor([1., 4.])", gradient: "SmoothL1LossBackward0"
    ) { x, target in
      let error = try (x - target).absolute()
      let isSmall = try error.compared(.less, to: Tensor(scalar: Float(1)))
      return try .where(isSmall, error * error * 0.5, error - 0.5)
    },
    Formula(
      function: "binary_cross_entropy", module: "BCELoss",
      summary: "how surprising truth values are for predicted probabilities",
      example: "tensor([0.5, 0.9]), tensor([0., 1.])", gradient: "BinaryCrossEntropyBackward0"
    ) { x, target in
      // As in PyTorch, no logarithm is below −100.
      func logarithm(_ x: Tensor) throws -> Tensor {
        try x.log().clamped(from: Tensor(scalar: Float(-100)))
      }
      return try -(target * logarithm(x) + (target * -1 + 1) * logarithm(x * -1 + 1))
    },
    Formula(
      function: "binary_cross_entropy_with_logits", module: "BCEWithLogitsLoss",
      summary: "how surprising truth values are for predictions that a sigmoid makes probabilities",
      example: "tensor([0., 2.]), tensor([0., 1.])",
      gradient: "BinaryCrossEntropyWithLogitsBackward0"
    ) { x, target in
      let positive = try x.relu()
      return try positive - x * target + Tensor.log(onePlus: (x.absolute() * -1).exp())
    },
    Formula(
      function: "cross_entropy", module: "CrossEntropyLoss",
      summary: "how surprising classes are for predictions that a softmax makes probabilities",
      example: "zeros(1, 5), tensor([2])", gradient: "NllLossBackward0"
    ) { x, target in
      try x.logSoftmax(along: x.shape.count > 1 ? 1 : 0).negativeLikelihood(of: target)
    },
    Formula(
      function: "nll_loss", module: "NLLLoss",
      summary: "how surprising classes are for the logarithms of predicted probabilities",
      example: "zeros(1, 5).log_softmax(dim=1), tensor([2])", gradient: "NllLossBackward0"
    ) { x, target in try x.negativeLikelihood(of: target) },
  ]

  // MARK: - Both forms

  private static let target = Parameter(
    "target", .value("Tensor"), example: "y", help: "what was to be predicted")
  private static let reduction = Parameter(
    "reduction", .choice(Reduction.allCases.map { Choice($0.rawValue) }), default: "mean",
    isOptionOnly: true, help: "whether the losses are averaged, added up, or given each")

  private static let functions = formulas.map { formula in
    Builtin.function(
      formula.function, aliases: formula.function == "mse_loss" ? ["mse"] : [], formula.summary,
      [.x, target, reduction], "\(formula.function)(\(formula.example))"
    ) { call in
      .tensor(
        try call.reduction().reduce(
          formula.ofElements(call.tensor("x"), call.tensor("target")), formula.gradient))
    }
  }

  private static let objects =
    formulas.map { formula in
      Builtin.function(
        formula.module, "make a function that gives \(formula.summary)", [reduction],
        "\(formula.module)()(\(formula.example))", result: nil
      ) { call in
        let reduction = try call.reduction()
        return .object(
          LossObject(formula.module, title: "\(formula.module)()") { x, target in
            try reduction.reduce(formula.ofElements(x, target), formula.gradient)
          })
      }
    } + [flattened("MSELossFlat", of: "MSELoss"), flattened("L1LossFlat", of: "L1Loss")]

  /// fastai's form, to which it does not matter whether there is a dimension of size 1 more.
  private static func flattened(_ name: String, of module: String) -> Builtin {
    .function(
      name, "make fastai's function that gives the loss of \(module) of flattened tensors", [],
      "\(name)()(ones(2, 1), zeros(2))", result: nil
    ) { _ in
      guard let formula = formulas.first(where: { $0.module == module }) else { return .none }
      return .object(
        LossObject(name, title: "FlattenedLoss of \(module)()") { x, target in
          try Reduction.mean.reduce(
            formula.ofElements(x.flattened(), target.flattened()), formula.gradient)
        })
    }
  }
}

/// A loss as a value: called with predictions and targets.
package final class LossObject: CallableObject {
  /// PyTorch's or fastai's name.
  package let name: String
  package let display: String
  private let formula: @Sendable (Tensor, Tensor) throws -> Tensor

  package init(
    _ name: String, title: String, _ formula: @escaping @Sendable (Tensor, Tensor) throws -> Tensor
  ) {
    (self.name, display, self.formula) = (name, title, formula)
  }

  package var typeName: String { name }

  package func call(_ arguments: [Value]) throws -> Value {
    guard arguments.count == 2, let x = arguments[0].asTensor, let target = arguments[1].asTensor
    else {
      throw Problem.wrongKind(
        name, expected: "predictions and targets, as two tensors",
        got: arguments.map(\.phrase).joined(separator: " and "))
    }
    return .tensor(try formula(x, target))
  }
}

// MARK: - Reductions

extension LossFunctions.Reduction {
  /// One loss of those of elements, unless each is asked for.
  fileprivate func reduce(_ losses: Tensor, _ gradient: StaticString) throws -> Tensor {
    switch self {
    case .mean: try losses.mean().named(gradient)
    case .sum: try losses.sum().named(gradient)
    case .none: losses
    }
  }
}

extension Call {
  /// How the losses become one.
  fileprivate func reduction() throws -> LossFunctions.Reduction {
    LossFunctions.Reduction(rawValue: try arguments.string("reduction")) ?? .mean
  }
}

extension Tensor {
  /// The negative of the logarithm that each row of these has for its class, or of the mean of them by
  /// how probable each class is.
  fileprivate func negativeLikelihood(of target: Tensor) throws -> Tensor {
    let dimension = shape.count > 1 ? 1 : 0
    guard !target.dtype.isFloatingPoint else {
      guard target.shape == shape else {
        throw TensorError.unexpectedType(target.dtype, expected: "classes as int64: y.long()")
      }
      return try -(target * self).sum(over: [dimension])
    }
    let places = try target.converted(to: .int64)
    guard places.shape == Array(shape.dropLast()) else {
      throw TensorError.unexpectedShape(
        target.shape, expected: "a class for each row of \(shape): y.squeeze()")
    }
    return try -gathered(along: dimension, at: places.unsqueezed(dimension)).squeezed(dimension)
  }
}
