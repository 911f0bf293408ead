/// What a local name stands for until the function has given it a value.
final class Unassigned: SessionObject, Sendable {
  private static let only = Unassigned()
  static var value: Value { .object(only) }
  let typeName = "nothing"
  let display = ""
}
