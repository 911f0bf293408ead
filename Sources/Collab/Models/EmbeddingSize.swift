import Glibc
import CollabTensors

/// Rows and columns of the embedding of a vocabulary.
public struct EmbeddingSize: Sendable, Equatable {
  /// One row an index.
  public let rows: Int
  /// Factors.
  public let columns: Int

  /// Sizes of one's own.
  public init(rows: Int, columns: Int) {
    (self.rows, self.columns) = (rows, columns)
  }

  /// The size of a table of factors; one of biases may have one dimension.
  init(of table: Tensor) {
    self.init(rows: table.shape.first ?? 0, columns: table.shape.count > 1 ? table.shape[1] : 1)
  }

  /// fastai's rule of thumb: 1.6 times the number of classes to the power of 0.56, at most 600.
  ///
  /// Source: `emb_sz_rule`, `fastai/tabular/model.py`.
  public init(classes: Int) {
    rows = classes
    columns = min(600, Int(clamping: (1.6 * pow(Double(classes), 0.56)).rounded(.toNearestOrEven)))
  }
}

extension DataLoaders {
  /// The sizes of the user and item embeddings of a neural model: fastai's `get_emb_sz`.
  public var embeddingSizes: (user: EmbeddingSize, item: EmbeddingSize) {
    (EmbeddingSize(classes: users.count), EmbeddingSize(classes: items.count))
  }
}
