package import CollabInterpreter
import CollabLanguage
import CollabTables

/// Methods of numbers: those that numpy's numbers have, which are Python's own here.
package enum NumberMethods {
  package static let all: [Builtin] = [
    .method(
      of: "number", "round", "the number with so many digits behind the point",
      [Parameter("decimals", .integer(-20...20), default: "0", help: "how many digits")],
      "ratings.rating.mean().round(2)", result: "Double"
    ) { call in
      let digits = try call.arguments.int("decimals")
      guard case .double(let number) = call.receiver else { return call.receiver }
      let rounded = try Column("", doubles: [number]).rounded(digits)
      return rounded.cell(at: 0)
    },
    .method(
      of: "number", "item", "the number itself", [], "ratings.rating.mean().item()", result: nil
    ) { $0.receiver },
    .method(
      of: "number", "is_integer", "whether nothing stands behind the point", [],
      "ratings.rating.max().is_integer()", result: "Bool"
    ) { call in .bool(call.receiver.number.map { $0 == $0.rounded() } ?? false) },
  ]
}
