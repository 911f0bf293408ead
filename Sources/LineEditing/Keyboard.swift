private import CCollabLineEdit
internal import Glibc

/// Single keys, for a question that one of them answers.
///
///     if Keyboard.hasInput { … }            // somebody has typed ahead
///     let key = Keyboard.key()              // waits; nil for Ctrl-C and the end of the input
public enum Keyboard {
  /// Whether something was typed that nobody has read yet.
  public static var hasInput: Bool { withSingleKeys { isReady } ?? false }

  /// Waits for a key; those that are not characters come as their escape sequence.
  ///
  /// - Returns: nil if Ctrl-C, which is then settled, or the end of the input comes instead.
  public static func key() -> String? {
    let key: String?? = withSingleKeys {
      while !le_wait(STDIN_FILENO) {
        if Interrupt.take() { return nil }
      }
      var bytes: [UInt8] = []
      repeat {
        var byte: UInt8 = 0
        guard le_read_byte(&byte) == 1 else { return nil }
        bytes.append(byte)
        // What follows belongs to the key only if it began a sequence or a character.
      } while bytes.count < 8 && (bytes[0] == 0x1B ? isReady : isCharacterOpen(bytes))
      return String(decoding: bytes, as: UTF8.self)
    }
    return key ?? nil
  }

  /// Gives a key back: it is the next one that is read, here or at the prompt.
  public static func putBack(_ key: String) {
    key.withCString { le_put_back($0, key.utf8.count) }
  }

  private static var isReady: Bool { le_is_readable(0) }

  /// Whether bytes are the beginning of a character of UTF-8.
  private static func isCharacterOpen(_ bytes: [UInt8]) -> Bool {
    let wanted = bytes[0] >= 0xF0 ? 4 : bytes[0] >= 0xE0 ? 3 : bytes[0] >= 0xC0 ? 2 : 1
    return bytes.count < wanted
  }

  /// Runs something while keys arrive one by one and unseen; nil if there is no terminal.
  private static func withSingleKeys<Result>(_ body: () -> Result) -> Result? {
    var found = termios()
    guard tcgetattr(STDIN_FILENO, &found) == 0 else { return nil }
    var single = found
    single.c_lflag &= ~tcflag_t(ICANON | ECHO)
    // At least one byte, however long it takes: the places are VMIN and VTIME.
    single.c_cc.6 = 1
    single.c_cc.5 = 0
    guard tcsetattr(STDIN_FILENO, TCSANOW, &single) == 0 else { return nil }
    defer { _ = tcsetattr(STDIN_FILENO, TCSANOW, &found) }
    return body()
  }
}
