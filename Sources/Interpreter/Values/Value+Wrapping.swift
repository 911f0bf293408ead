extension Value {
  /// The columns that a notebook prints values in.
  private static let pageWidth = 79
  /// Members that are shown of a list; IPython shows as many.
  private static let longestShown = 1000

  /// The value as a notebook shows it: what does not fit on a line has a line for each member.
  ///
  /// Source: IPython, `IPython/lib/pretty.py`.
  package func wrappedDisplay(indent: Int = 0, behind: Int = 0) -> String {
    let (open, close, members): (String, String, [Value])
    switch self {
    case .list(let elements): (open, close, members) = ("[", "]", elements)
    case .tuple(let elements): (open, close, members) = ("(", ")", elements)
    default: return display.replacing("\n", with: "\n" + String(repeating: " ", count: indent))
    }
    let isShort = members.count <= Self.longestShown
    if isShort {
      let line = display
      if !line.contains("\n"), indent + line.count + behind <= Self.pageWidth { return line }
    }
    var lines = members.prefix(Self.longestShown).enumerated().map { place, member in
      member.wrappedDisplay(
        indent: indent + 1, behind: place < members.count - 1 ? 1 : 1 + behind)
    }
    if !isShort { lines.append("...") }
    let comma = close == ")" && members.count == 1 ? "," : ""
    let joint = ",\n" + String(repeating: " ", count: indent + 1)
    return open + lines.joined(separator: joint) + comma + close
  }
}
