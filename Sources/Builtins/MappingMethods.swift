package import CollabInterpreter
import CollabLanguage
import CollabTables

/// Methods of dicts, and the function that makes one.
package enum MappingMethods {
  package static let all: [Builtin] = [
    .function(
      "dict", "a dict of pairs, or a copy of another",
      [
        Parameter(
          "pairs", .value(), .optional, example: "zip(['a', 'b'], [1, 2])",
          help: "pairs of a key and a value"), named,
      ],
      "dict(zip(['a', 'b'], [1, 2]))", result: "dict"
    ) { call in
      .object(try mapping(of: call))
    },
    .method(
      of: "dict", "items", "tuples of a key and its value", [], "{'a': 1}.items()",
      result: "dict_items"
    ) { call in
      .object(MappingView(try call.mapping, .items))
    },
    .method(of: "dict", "keys", "the keys", [], "{'a': 1}.keys()", result: "dict_keys") { call in
      .object(MappingView(try call.mapping, .keys))
    },
    .method(of: "dict", "values", "the values", [], "{'a': 1}.values()", result: "dict_values") {
      call in
      .object(MappingView(try call.mapping, .values))
    },
    .method(
      of: "dict", "get", "the value of a key, or another if there is no such key", [key, other],
      "{'a': 1}.get('b', 0)", result: nil
    ) { call in
      try call.mapping.value(of: call.key) ?? call.other ?? .none
    },
    .method(
      of: "dict", "pop", "the value of a key, which is removed", [key, other],
      "{'a': 1}.pop('a')", result: nil
    ) { call in
      if let value = try call.mapping.remove(call.key) ?? call.other { return value }
      return try call.blaming("key") { try call.mapping.element(call.key) }
    },
    .method(
      of: "dict", "setdefault", "the value of a key, which gets one if there is none",
      [key, other], "{'a': 1}.setdefault('b', 2)", result: nil
    ) { call in
      if let value = try call.mapping.value(of: call.key) { return value }
      try call.mapping.set(call.key, to: call.other ?? .none)
      return call.other ?? .none
    },
    .method(
      of: "dict", "update", "puts the keys and values of another dict in",
      [
        Parameter("pairs", .value(), .optional, example: "{'b': 2}", help: "a dict, or pairs"),
        named,
      ],
      "{'a': 1}.update({'b': 2})", result: nil
    ) { call in
      let other = try mapping(of: call)
      for (key, value) in zip(other.keys, other.values) { try call.mapping.set(key, to: value) }
      return .none
    },
    .method(
      of: "dict", "copy", "another dict with the same keys and values", [],
      "{'a': 1}.copy()", result: "dict"
    ) { call in
      let mapping = try call.mapping
      return .object(try Mapping(zip(mapping.keys, mapping.values).map { ($0, $1) }))
    },
    .method(
      of: "dict", "popitem", "the last key and its value, which are removed", [],
      "{'a': 1}.popitem()", result: "Tuple"
    ) { call in
      let mapping = try call.mapping
      guard let key = mapping.keys.last, let value = try mapping.remove(key) else {
        throw Problem.missingKey("popitem", in: "an empty dict", near: [])
      }
      return .tuple([key, value])
    },
    .method(of: "dict", "clear", "removes all keys", [], "{'a': 1}.clear()", result: nil) { call in
      try call.mapping.removeAll()
      return .none
    },
  ]

  private static let key = Parameter("key", .value(), example: "'a'", help: "the key")
  private static let other = Parameter(
    "default", .value(), .optional, example: "0", help: "what there is otherwise")

  private static let named = Parameter(
    "values", .value(), .anyName, example: "b=2", help: "values whose keys are names")

  /// A new dict of the pairs that a call was given, and of the values that have names.
  private static func mapping(of call: Call) throws -> Mapping {
    let mapping = try ofPairs(of: call)
    for (name, value) in call.arguments.named("values") {
      try mapping.set(.string(name), to: value)
    }
    return mapping
  }

  private static func ofPairs(of call: Call) throws -> Mapping {
    guard let pairs = call.arguments.value("pairs") else { return Mapping() }
    if case .object(let other as Mapping) = pairs {
      return try Mapping(zip(other.keys, other.values).map { ($0, $1) })
    }
    if let series = pairs.series {
      return try Mapping(
        (0..<series.values.count).map { row in
          (series.labels.label(at: row), series.values.cell(at: row))
        })
    }
    return try call.blaming("pairs") {
      try Mapping(
        try pairs.members().map { pair in
          let parts = try pair.unpacked(into: 2)
          return (parts[0], parts[1])
        })
    }
  }
}

extension Call {
  /// The dict before the dot.
  fileprivate var mapping: Mapping {
    get throws { try objectReceiver(expected: "a dict") }
  }

  fileprivate var key: Value { arguments.value("key") ?? .none }
  fileprivate var other: Value? { arguments.value("default") }
}
