/// The arguments of one command or call, each with its parameter.
///
/// Formulas are not evaluated yet: whoever does that checks again what they give.
public struct BoundArguments: Sendable {
  /// One argument.
  public struct Bound: Sendable, Equatable {
    /// What it means.
    public let value: BoundValue
    /// Where it stands, with its name.
    public let range: Range<Int>
    /// The name that it was given by, for a parameter that takes any.
    public let name: Identifier?
  }

  /// What the arguments were bound to.
  public let spec: CommandSpec
  /// Where the command or call stands.
  public let range: Range<Int>
  private let source: Source
  private var values: [String: [Bound]] = [:]

  init(spec: CommandSpec, range: Range<Int>, source: Source) {
    (self.spec, self.range, self.source) = (spec, range, source)
  }

  mutating func add(
    _ reading: ArgumentReading, to parameter: Parameter, at range: Range<Int>,
    named name: Identifier? = nil
  ) throws(Diagnostic) {
    switch reading {
    case .accepted(let value):
      values[parameter.name, default: []].append(
        Bound(value: value, range: range, name: parameter.takesAnyName ? name : nil))
    case .refused(let caption, let near):
      throw parameter.refusal(caption, at: range, in: source, near: near)
    }
  }

  /// Everything that was given for a parameter: more than one only if it takes the rest.
  public func all(_ name: String) -> [Bound] { values[name] ?? [] }
}
