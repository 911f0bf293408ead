private import CCollabLineEdit

/// Ctrl-C while a command runs, to be asked for between two batches.
///
///     Interrupt.watch()
///     if Interrupt.take() { return .stop }
///
/// A second Ctrl-C within two seconds of one that nobody took leaves the program with 130, the
/// terminal put back in order: a command that does not ask can still be left.
public enum Interrupt {
  /// Counts interrupts from now on instead of ending the program.
  public static func watch() { le_interrupt_watch() }

  /// Whether there was one since the last time, which settles it.
  public static func take() -> Bool { le_interrupt_take() }

  /// Whether there was one that nobody took yet.
  public static var isPending: Bool { le_interrupt_pending() }
}
