// Statements that govern blocks, as Python writes them.
extension SyntaxReader {
  /// Reads a statement that begins with a word of the language; nil if the present name is none.
  mutating func keywordStatement(_ name: String) throws(Diagnostic) -> Statement.Kind? {
    switch name {
    case "model" where following()?.name != nil: return .model(try modelDefinition())
    case "def" where following()?.name != nil: return .function(try functionDefinition())
    case "class" where following()?.name != nil: return .model(try classDefinition())
    case "if": return .conditional(try conditional())
    case "for" where !isAssignedOrAlone: return .forLoop(try forLoop())
    case "while" where !isAssignedOrAlone: return .whileLoop(try whileLoop())
    case "with" where !isAssignedOrAlone: return .withoutGradients(try withStatement())
    case "return": return try returnStatement()
    case "break", "continue", "pass": return try jump(name)
    case "assert" where !isAssignedOrAlone: return try assertion()
    case "del" where !isAssignedOrAlone: return deletion().map { .deletion($0) }
    case "import" where following()?.name != nil: return .imports(try imports())
    case "from" where !isAssignedOrAlone: return .imports(try importsFromModule())
    case "else", "elif": throw problem(.loneBranch(name), token.range)
    case "global", "nonlocal", "async", "await", "yield", "try", "raise":
      let isStatement = name == "try" ? following()?.is(.colon) == true : !isAssignedOrAlone
      if isStatement { throw problem(.foreignStatement(name), token.range) }
      return nil
    default: return nil
    }
  }

  /// Whether the present word is used as a name: nothing but a `=` or the end follows.
  private var isAssignedOrAlone: Bool {
    guard let next = following() else { return false }
    if case .symbol(let symbol) = next.kind, symbol.assignment != nil || symbol == .dot {
      return true
    }
    return next.endsStatement
  }

  /// Uses the word that a statement begins with, and refuses a block that has no line of its own.
  private mutating func head() throws(Diagnostic) -> Int {
    let start = token.range.lowerBound
    if isInOneLine { throw problem(.nestedOnOneLine, token.range) }
    if !openers.isEmpty { throw problem(.blockInBraces, token.range) }
    try advance()
    return start
  }

  // MARK: Conditions and loops

  private mutating func conditional() throws(Diagnostic) -> Conditional {
    let start = try head()
    var branches = [try branch(below: start)]
    while let line = try continues(start, with: "elif") {
      try beginLine(at: line)
      try advance()
      branches.append(try branch(below: start))
    }
    let otherwise = try otherwise(below: start)
    // An `else` may follow even where all stands on one line.
    openHead = start
    return Conditional(branches: branches, otherwise: otherwise)
  }

  /// Reads the `else` that belongs to a head; no statements if there is none.
  private mutating func otherwise(below head: Int) throws(Diagnostic) -> [Statement] {
    guard let line = try continues(head, with: "else") else { return [] }
    try beginLine(at: line)
    try advance()
    return try block(below: head)
  }

  private mutating func branch(below head: Int) throws(Diagnostic) -> Conditional.Branch {
    let condition = try expression()
    return Conditional.Branch(condition: condition, body: try block(below: head))
  }

  private mutating func forLoop() throws(Diagnostic) -> ForLoop {
    let start = try head()
    let target = try loopTarget()
    let sequence = try expressionList()
    let body = try loopBody(below: start)
    return ForLoop(
      target: target, sequence: sequence, body: body, otherwise: try otherwise(below: start))
  }

  private mutating func whileLoop() throws(Diagnostic) -> WhileLoop {
    let start = try head()
    let condition = try expression()
    let body = try loopBody(below: start)
    return WhileLoop(condition: condition, body: body, otherwise: try otherwise(below: start))
  }

  private mutating func loopBody(below head: Int) throws(Diagnostic) -> [Statement] {
    let outer = isInLoop
    isInLoop = true
    defer { isInLoop = outer }
    return try block(below: head)
  }

  /// Reads what stands between `for` and `in`, and uses the `in`.
  mutating func loopTarget() throws(Diagnostic) -> AssignmentTarget {
    let start = token.range.lowerBound
    var targets: [AssignmentTarget] = []
    var isSeveral = false
    repeat {
      if token.is("in") { break }
      let value: Expression
      if token.name.map(SyntaxReader.isReserved) == true || token.kind == .newline {
        throw problem(.expected("a name after `for`", found: found), token.range)
      }
      value =
        token.is(.star)
        ? try starred { (reader) throws(Diagnostic) in try reader.postfix() } : try postfix()
      targets.append(try target(value))
      isSeveral = isSeveral || token.is(.comma)
    } while try take(.comma)
    guard let first = targets.first else {
      throw problem(.expected("a name after `for`", found: found), token.range)
    }
    guard token.is("in") else {
      if token.kind == .end { throw unexpectedToken() }
      throw problem(.expected("`in`", found: found), token.range)
    }
    let whole = range(from: start)
    try advanceBehindOperator()
    let target = isSeveral ? AssignmentTarget(.several(targets), at: whole) : first
    noteVariables(target.names)
    return target
  }

  private mutating func withStatement() throws(Diagnostic) -> [Statement] {
    let (start, word) = (token.range.lowerBound, token.range)
    _ = try head()
    let context = try expression()
    guard case .call(let callee, let arguments) = context.kind, arguments.isEmpty,
      case .name("no_grad") = callee.kind
    else { throw problem(.foreignStatement("with"), word) }
    return try block(below: start)
  }

  // MARK: Simple statements

  private mutating func returnStatement() throws(Diagnostic) -> Statement.Kind {
    guard isInFunction else { throw problem(.outsideOfFunction, token.range) }
    try advance()
    return .return(token.endsStatement ? nil : try expressionList())
  }

  private mutating func jump(_ word: String) throws(Diagnostic) -> Statement.Kind? {
    guard following()?.endsStatement == true else { return nil }
    if word != "pass", !isInLoop { throw problem(.outsideOfLoop(word), token.range) }
    try advance()
    return switch word {
    case "break": .break
    case "continue": .continue
    default: .pass
    }
  }

  /// Reads `del a[…], b[…]`; nil if it is no list of elements, which leaves it to the command.
  private mutating func deletion() -> [AssignmentTarget]? {
    var probe = self
    guard (try? probe.advance()) != nil, let list = try? probe.expressionList(),
      probe.token.endsStatement
    else { return nil }
    let parts = if case .tuple(let parts) = list.kind { parts } else { [list] }
    let targets = parts.compactMap { part in
      if case .subscripted = part.kind { try? target(part) } else { nil }
    }
    guard targets.count == parts.count else { return nil }
    self = probe
    return targets
  }

  private mutating func assertion() throws(Diagnostic) -> Statement.Kind {
    try advance()
    let condition = try expression()
    let message = try take(.comma) ? try expression() : nil
    return .assertion(condition, message: message)
  }

  // MARK: Classes and functions

  private mutating func classDefinition() throws(Diagnostic) -> ModelDefinition {
    let start = try head()
    if isInFunction { throw problem(.classInFunction, start..<endOfPrevious) }
    let name = try definedName()
    try baseClass(of: name)
    let outer = isInClass
    isInClass = true
    defer { isInClass = outer }
    let body = try block(below: start)
    var methods: [FunctionDefinition] = []
    for statement in body {
      switch statement.kind {
      case .function(let method):
        guard !methods.contains(where: { $0.name == method.name }) else {
          throw problem(.repeated(method.name.name, what: "method"), method.name.range)
        }
        methods.append(method)
      case .pass: continue
      default: throw problem(.classMember, statement.range)
      }
    }
    let parameters = methods.first { $0.name.name == "__init__" }?.parameters ?? []
    return ModelDefinition(name: name, parameters: parameters, body: .methods(methods))
  }

  /// Reads `(Module)` or `(nn.Module)`, or nothing, which is the same here.
  ///
  /// Every class is a model, and one without layers has nothing to learn. Any other class to inherit
  /// from is refused.
  private mutating func baseClass(of name: Identifier) throws(Diagnostic) {
    guard token.is(.leftParenthesis) else {
      if token.is(.colon) { return }
      if token.kind == .end { throw unexpectedToken() }
      throw problem(.expected("`:`", found: found), token.range)
    }
    try open()
    let base = token.is(.rightParenthesis) ? nil : try expression()
    try close(.rightParenthesis)
    let isModule =
      switch base?.kind {
      case nil, .name("Module"), .name("object"): true
      case .member(_, let last): last.name == "Module"
      default: false
      }
    guard isModule else { throw problem(.baseClass(name.name), base?.range ?? name.range) }
  }

  /// Reads the block of a function; the present token is the `:` behind its head.
  mutating func functionBlock(
    below head: Int, _ name: Identifier, _ parameters: [FormalParameter]
  ) throws(Diagnostic) -> FunctionDefinition {
    if isInOneLine { throw problem(.nestedOnOneLine, name.range) }
    if !openers.isEmpty { throw problem(.blockInBraces, token.range) }
    var parameters = parameters
    var receiver: Identifier?
    if isInClass {
      guard let first = parameters.first, first.kind == .single, first.defaultValue == nil else {
        throw problem(.methodWithoutSelf(name.name), name.range)
      }
      receiver = first.name
      parameters.removeFirst()
    }
    let outer = (isInFunction, isInLoop, isInClass, localVariables)
    (isInFunction, isInLoop, isInClass) = (true, false, false)
    defer { (isInFunction, isInLoop, isInClass, localVariables) = outer }
    noteVariables(parameters.map(\.name))
    let statements = try block(below: head).filter { $0.kind != .pass }
    return FunctionDefinition(
      name: name, receiver: receiver, parameters: parameters,
      body: Self.straight(statements) ?? .block(statements))
  }

  /// Assignments of formulas and a result, if statements are nothing more.
  private static func straight(_ statements: [Statement]) -> FunctionDefinition.Body? {
    guard case .return(let result?)? = statements.last?.kind else { return nil }
    var assignments: [Assignment] = []
    for statement in statements.dropLast() {
      guard case .assignment(let assignment) = statement.kind,
        case .expression = assignment.value
      else { return nil }
      assignments.append(assignment)
    }
    return .straight(assignments, result: result)
  }
}
