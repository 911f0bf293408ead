/// What a word or expression means to a parameter.
public enum BoundValue: Sendable, Equatable {
  /// A value, checked.
  case literal(Literal)
  /// A formula to evaluate: what the parameter asks for, or the way to a value that is then checked.
  case expression(Expression)
}

/// The outcome of reading a word as a type.
enum ArgumentReading {
  case accepted(BoundValue)
  /// Another type may still take it. The caption says what it is.
  case refused(caption: String?, near: [String] = [])
}

// MARK: - Words

extension ParameterType {
  /// Reads a word by the rules of the type.
  ///
  /// Throws only if the word looks like a formula and is not one.
  func read(
    _ word: Word, isVariable: (String) -> Bool
  ) throws(Diagnostic) -> ArgumentReading {
    switch self {
    case .value: return .accepted(.expression(try word.expression()))
    case .block:
      guard let statements = word.statements else { return .refused(caption: nil) }
      return .accepted(.literal(.string(statements)))
    case .anyOf(let types):
      var last = ArgumentReading.refused(caption: nil)
      for type in types {
        let reading = try type.readAlternative(word, isVariable: isVariable)
        if case .accepted = reading { return reading }
        last = last.preferring(reading)
      }
      return last
    case .name, .column, .choice, .path, .string:
      return try readText(word, isVariable: isVariable)
    case .boolean where ["on", "yes"].contains(word.text):
      return .accepted(.literal(.boolean(true)))
    case .boolean where ["off", "no"].contains(word.text):
      return .accepted(.literal(.boolean(false)))
    case .integer, .number, .boolean, .nothing, .tuple, .list:
      do {
        return read(try word.expression(), isVariable: isVariable)
      } catch {
        if word.isBare { return .refused(caption: "`\(word.text)` is a word") }
        throw error
      }
    }
  }

  /// Reads a word as one of several types: a bare name that is no variable is left to the others.
  private func readAlternative(
    _ word: Word, isVariable: (String) -> Bool
  ) throws(Diagnostic) -> ArgumentReading {
    if case .value = self, let name = word.bareName, !isVariable(name) {
      return .refused(caption: "there is no variable `\(name)`")
    }
    return try read(word, isVariable: isVariable)
  }

  private func readText(
    _ word: Word, isVariable: (String) -> Bool
  ) throws(Diagnostic) -> ArgumentReading {
    if let text = try word.quotedText() { return check(.string(text), shownAs: word.text) }
    guard word.isBare else { return .accepted(.expression(try word.expression())) }
    let text = word.text
    switch self {
    case .string:
      if let name = word.bareName, isVariable(name) {
        return .accepted(.expression(try word.expression()))
      }
    case .name, .column:
      let isName = text.allSatisfy { $0.isLetter || $0.isNumber || "-_.:".contains($0) }
      if !isName { return .refused(caption: "`\(text)` is not a name") }
    default: break
    }
    return check(.string(text), shownAs: text)
  }
}

extension ArgumentReading {
  /// The refusal that says more: one that knows similar words, then the first with a caption.
  fileprivate func preferring(_ other: ArgumentReading) -> ArgumentReading {
    guard case .refused(let caption, let near) = self,
      case .refused(let otherCaption, let otherNear) = other
    else { return other }
    return .refused(caption: caption ?? otherCaption, near: near.isEmpty ? otherNear : near)
  }
}

// MARK: - Expressions

extension ParameterType {
  /// Reads an expression, an argument of a call, by the rules of the type.
  func read(_ expression: Expression, isVariable: (String) -> Bool) -> ArgumentReading {
    switch (self, expression.kind) {
    case (.value, _): return .accepted(.expression(expression))
    case (.anyOf(let types), _):
      var last = ArgumentReading.refused(caption: nil)
      for type in types {
        if case .value = type, case .name(let name) = expression.kind, !isVariable(name) {
          last = last.preferring(.refused(caption: "there is no variable `\(name)`"))
          continue
        }
        let reading = type.read(expression, isVariable: isVariable)
        if case .accepted = reading { return reading }
        last = last.preferring(reading)
      }
      return last
    case (.boolean, .name(let name)) where !isVariable(name) && ["on", "yes"].contains(name):
      return .accepted(.literal(.boolean(true)))
    case (.boolean, .name(let name)) where !isVariable(name) && ["off", "no"].contains(name):
      return .accepted(.literal(.boolean(false)))
    case (.list, .dictionary(let entries)):
      return read(
        Expression(.list(entries.map(\.pair)), at: expression.range), isVariable: isVariable)
    default:
      if let literal = Literal(expression) { return check(literal, shownAs: "\(literal)") }
      return readFormula(expression, isVariable: isVariable)
    }
  }

  /// Reads an expression that is not a literal; the type is a single one.
  private func readFormula(
    _ expression: Expression, isVariable: (String) -> Bool
  ) -> ArgumentReading {
    switch (self, expression.kind) {
    case (.choice(let choices), .name(let name)):
      if choices.contains(where: { $0.name == name }) || !isVariable(name) {
        return check(.string(name), shownAs: name)
      }
    case (.string, .name(let name)), (.name, .name(let name)), (.column, .name(let name)),
      (.path, .name(let name)):
      if !isVariable(name) { return .accepted(.literal(.string(name))) }
    case (_, .name(let name)):
      if !isVariable(name) { return .refused(caption: "`\(name)` is a name") }
    case (.list(let type), .list(let elements)), (.list(let type), .tuple(let elements)),
      (.tuple(let type, _), .tuple(let elements)), (.tuple(let type, _), .list(let elements)):
      return read(elements, as: type, isVariable: isVariable) ?? .accepted(.expression(expression))
    default: break
    }
    return .accepted(.expression(expression))
  }

  /// Reads the members of a list or tuple; nil if one of them has to be evaluated.
  private func read(
    _ elements: [Expression], as type: ParameterType, isVariable: (String) -> Bool
  ) -> ArgumentReading? {
    var values: [Literal] = []
    for element in elements {
      // Inside a list of names a bare word is always the name itself.
      if type.isText, case .name(let name) = element.kind {
        values.append(.string(name))
        continue
      }
      // So is `ndcg@10`, the name of a measure.
      if type.isText, case .binary(let name, let sign, let length) = element.kind,
        sign.kind == .matrixMultiply,
        case .name(let name) = name.kind, case .integer(let length) = length.kind
      {
        values.append(.string("\(name)@\(length)"))
        continue
      }
      switch type.read(element, isVariable: isVariable) {
      case .accepted(.literal(let literal)): values.append(literal)
      case .accepted(.expression): return nil
      case .refused(let caption, let near): return .refused(caption: caption, near: near)
      }
    }
    return check(.list(values), shownAs: "\(Literal.list(values))")
  }

  private var isText: Bool {
    switch self {
    case .name, .column, .path, .choice: true
    default: false
    }
  }

  private func check(_ literal: Literal, shownAs text: String) -> ArgumentReading {
    do {
      return .accepted(.literal(try accept(literal)))
    } catch {
      guard case .choice(let choices) = self, case .string(let word) = literal else {
        return .refused(caption: "`\(text)` is \(error.reason)")
      }
      let near = Suggestion.nearest(to: word, among: choices.map(\.name))
      return .refused(caption: "`\(text)` is \(error.reason)", near: near)
    }
  }
}

extension DictionaryEntry {
  /// The entry as a pair, as parameters take it: a type, as in `{'user': str}`, is known by its name.
  fileprivate var pair: Expression {
    var value = value
    if case .name(let name) = value.kind, ["str", "int", "float", "object"].contains(name) {
      value = Expression(.string(name), at: value.range)
    }
    return Expression(.tuple([key, value].compactMap(\.self)), at: value.range)
  }
}

// MARK: - The form of a word

extension Word {
  /// Whether the value has neither quotes nor brackets nor braces.
  var isBare: Bool {
    !source.bytes[valueRange].contains {
      switch $0 {
      case .singleQuote, .doubleQuote, UInt8(ascii: "("), UInt8(ascii: "["),
        UInt8(ascii: "{"):
        true
      default: false
      }
    }
  }

  /// The value if it is nothing but a name.
  var bareName: String? {
    let end = Lexer(source, in: valueRange).endOfName(from: valueRange.lowerBound)
    return end == valueRange.upperBound && !valueRange.isEmpty ? text : nil
  }

  /// The text if the value is nothing but a plain text in quotes.
  func quotedText() throws(Diagnostic) -> String? {
    let lexer = Lexer(source, in: valueRange)
    let first = lexer.byte(valueRange.lowerBound)
    guard first == .singleQuote || first == .doubleQuote else { return nil }
    let (content, behind) = try lexer.endOfString(at: valueRange.lowerBound)
    return behind == valueRange.upperBound ? try lexer.decoded(content) : nil
  }
}
