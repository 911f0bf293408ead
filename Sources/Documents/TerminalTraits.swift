internal import Glibc

/// When colours are used, as given with `--color` and `set color`.
public enum ColorChoice: String, CaseIterable, Sendable {
  /// On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`.
  case auto
  /// In any case.
  case always
  /// Never.
  case never
}

/// What a terminal can show: its width, colours, characters, and whether lines can be redrawn.
///
///     let traits = TerminalTraits.current(color: .auto)
public struct TerminalTraits: Equatable, Sendable {
  /// The columns of the window.
  public let width: Int
  /// Whether standard output gets colours.
  public let hasColor: Bool
  /// Whether standard error gets colours.
  public let hasColorOnError: Bool
  /// Whether standard error can be drawn over, so that a bar makes sense.
  public let canRedraw: Bool
  /// Which characters bars are made of.
  public let glyphs: Glyphs

  /// Describes a terminal; `hasColorOnError` follows `hasColor` when it is left out.
  public init(
    width: Int = 80, hasColor: Bool, hasColorOnError: Bool? = nil, canRedraw: Bool,
    glyphs: Glyphs = .unicode
  ) {
    self.width = width
    self.hasColor = hasColor
    self.hasColorOnError = hasColorOnError ?? hasColor
    self.canRedraw = canRedraw
    self.glyphs = glyphs
  }

  /// Describes the terminal that standard output and standard error are, if they are one.
  public static func current(color: ColorChoice = .auto) -> TerminalTraits {
    TerminalTraits(
      outputIsTerminal: isatty(STDOUT_FILENO) == 1, errorIsTerminal: isatty(STDERR_FILENO) == 1,
      windowWidth: windowWidth(), color: color, environment: variable)
  }

  /// Describes a terminal from what is known about it.
  ///
  /// - Parameters:
  ///   - outputIsTerminal: whether standard output is a terminal.
  ///   - errorIsTerminal: whether standard error is one.
  ///   - windowWidth: the columns the window says it has.
  ///   - color: the setting of `--color`.
  ///   - environment: gives the variables `NO_COLOR`, `TERM`, `COLUMNS` and those of the locale.
  public init(
    outputIsTerminal: Bool, errorIsTerminal: Bool, windowWidth: Int?, color: ColorChoice,
    environment: (String) -> String?
  ) {
    func value(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
    let isDumb = value("TERM") == nil || value("TERM") == "dumb"
    let mayColor = value("NO_COLOR") == nil && !isDumb
    func hasColor(_ isTerminal: Bool) -> Bool {
      switch color {
      case .auto: return isTerminal && mayColor
      case .always: return true
      case .never: return false
      }
    }
    let locale = value("LC_ALL") ?? value("LC_CTYPE") ?? value("LANG") ?? ""
    let encoding = locale.lowercased()
    let isUnicode = encoding.contains("utf-8") || encoding.contains("utf8")
    self.init(
      width: value("COLUMNS").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        ?? windowWidth ?? 80,
      hasColor: hasColor(outputIsTerminal), hasColorOnError: hasColor(errorIsTerminal),
      canRedraw: errorIsTerminal && !isDumb,
      glyphs: isUnicode || !outputIsTerminal ? .unicode : .ascii)
  }

  /// The columns the window of standard output or standard error has now, if there is one.
  public static func windowWidth() -> Int? { window(\.ws_col) }

  /// The rows the window of standard output or standard error has now, if there is one.
  public static func windowHeight() -> Int? { window(\.ws_row) }

  private static func window(_ side: KeyPath<winsize, UInt16>) -> Int? {
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
      var size = winsize()
      if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size[keyPath: side] > 0 {
        return Int(size[keyPath: side])
      }
    }
    return nil
  }

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
