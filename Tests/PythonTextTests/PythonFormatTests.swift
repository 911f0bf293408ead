import CollabPythonText
import TestSupport
import Testing

/// Values that Python has printed; see `make_formats.py` next to the file.
struct PrintedValues: Decodable {
  struct PrintedFloat: Decodable {
    let bits: String
    let text: String
  }

  struct PrintedText: Decodable {
    let value: String
    let text: String
  }

  struct Formatted: Decodable {
    let value: Value
    let spec: String
    /// Nil when Python refused.
    let text: String?
  }

  struct Value: Decodable {
    let bits: String?
    let integer: Int?
    let text: String?
    let bool: Bool?

    var value: PythonFormat.Value? {
      if let bits { return PrintedValues.double(bits).map { .float($0) } }
      if let integer { return .integer(integer) }
      if let bool { return .bool(bool) }
      return text.map { .text($0) }
    }
  }

  let floats: [PrintedFloat]
  let texts: [PrintedText]
  let formats: [Formatted]

  static func double(_ bits: String) -> Double? {
    UInt64(bits, radix: 16).map { Double(bitPattern: $0) }
  }

  static func all() throws -> PrintedValues {
    try Fixture.decode(PrintedValues.self, from: "python_formatting/formats.json")
  }
}

struct PythonFormatTests {
  let printed: PrintedValues

  init() throws { printed = try PrintedValues.all() }

  @Test func `numbers are as short as Python's`() throws {
    for float in printed.floats {
      #expect(PythonFormat.repr(try #require(PrintedValues.double(float.bits))) == float.text)
    }
  }

  @Test func `texts are quoted as Python quotes them`() {
    for text in printed.texts { #expect(PythonFormat.repr(text.value) == text.text) }
  }

  @Test func `specifications do what they do in an f-string, or are refused`() throws {
    for formatted in printed.formats {
      let value = try #require(formatted.value.value)
      let text = try? PythonFormat.text(value, spec: formatted.spec)
      #expect(text == formatted.text, "\(value) with \(formatted.spec)")
    }
  }

  @Test func `a specification that cannot be followed says why`() {
    #expect(throws: FormatError.badSpec("8q8")) {
      try PythonFormat.text(.integer(1), spec: "8q8")
    }
    #expect(throws: FormatError.unsuited(spec: ".2f", type: "String")) {
      try PythonFormat.text(.text("x"), spec: ".2f")
    }
    #expect(FormatError.badSpec("8q8").description == "`8q8` is no format")
  }

  @Test func `other values are written as in Python`() {
    #expect(PythonFormat.repr(true) == "True")
    #expect(PythonFormat.none == "None")
    #expect(PythonFormat.tuple([]) == "()")
    #expect(PythonFormat.tuple([5]) == "(5,)")
    #expect(PythonFormat.tuple([0, 3]) == "(0, 3)")
  }
}
