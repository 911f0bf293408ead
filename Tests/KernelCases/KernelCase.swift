/// Some kernels, run beside plain Swift that does the same.
public struct KernelCase: Sendable {
  /// The kernels, by their names in C.
  public let kernels: [String]
  private let body: @Sendable (Workbench) -> Void

  init(_ kernels: String..., body: @escaping @Sendable (Workbench) -> Void) {
    (self.kernels, self.body) = (kernels, body)
  }

  /// The first kernel.
  public var name: String { kernels[0] }

  /// What came of a run.
  public struct Outcome: Sendable {
    /// Where kernel and twin differ; empty if all is well.
    public let differences: [String]
    /// A hash of all bits that the kernel gave.
    public let digest: String
  }

  /// Runs the kernels on the same numbers every time.
  public func run() -> Outcome {
    let bench = Workbench()
    body(bench)
    bench.checkMargins()
    return Outcome(differences: bench.differences, digest: bench.digest)
  }

  /// All kernels.
  public static let all =
    elements + rows + matrices + normalizations + neighbors + steps
}

extension KernelCase: CustomStringConvertible {
  /// The first kernel.
  public var description: String { name }
}
