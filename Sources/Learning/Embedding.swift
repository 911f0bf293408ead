import Glibc
public import CollabRandomness
public import CollabTensors

/// A table that gives each index a row of trainable numbers.
///
///     let userFactors = try Embedding(944, 50, using: &torch)
///     try userFactors.forward(users)  // indices [64] give [64, 50]
///
/// Source: `torch.nn.Embedding`; initialised as fastai's `Embedding`, `fastai/layers.py`.
public final class Embedding: Module {
  /// How the rows are drawn.
  public enum Initialization: Sendable {
    /// fastai's: normal with the given standard deviation, values beyond two of them wrapped back.
    case fastai(std: Double)
    /// PyTorch's own: standard normal.
    case torch
  }

  /// The table, `[rows, columns]`.
  public let weight: Tensor

  /// Draws the rows.
  ///
  /// fastai's initialisation takes twice the draws: PyTorch fills the table first.
  ///
  /// - Throws: ``TensorError/tooLarge(_:)``, ``TensorError/interrupted``.
  public init(
    _ rows: Int, _ columns: Int, initialization: Initialization = .fastai(std: 0.01),
    using generator: inout TorchGenerator
  ) throws(TensorError) {
    weight = try Tensor.unset([rows, columns], .float32).asParameter()
    try weight.fillNormal(using: &generator)
    guard case .fastai(let std) = initialization, !generator.isBlank else { return }
    try weight.fillNormal(using: &generator)
    weight.changeElements(as: Float.self) { elements in
      for i in elements.indices { elements[i] = fmodf(elements[i], 2) * Float(std) }
    }
  }

  /// What listings of modules call it: `Embedding`.
  public var typeName: String { "Embedding" }
  /// Rows and columns, as PyTorch prints them: `944, 50`.
  public var settings: String { "\(weight.shape[0]), \(weight.shape[1])" }
  /// The table, under the name `weight`.
  public var members: [Member] { [.parameter("weight", weight)] }

  /// The rows at some indices.
  ///
  /// - Shape: int64 indices `[n]` give `[n, columns]`.
  public func forward(_ input: Tensor) throws(TensorError) -> Tensor {
    try weight.rows(at: input).named("EmbeddingBackward0")
  }
}
