/// What a prompt can do for a statement beyond the session; a session that runs a script has none.
public struct PromptActions {
  /// Runs a line in the shell of the system, at the terminal, and gives its exit status.
  public var runShell: (String) -> Int32
  /// Goes to another folder, so that other programs begin there too.
  public var enterFolder: (String) -> Void
  /// Lets the user edit a text elsewhere, which is the next statement then.
  public var edit: (String) -> Void
  /// Opens a lesson; without a name the one that was begun, or a list.
  public var teach: (String?) throws -> Void
  /// The help on a command of the shell, such as `html`.
  public var programHelp: (String) -> String?

  /// Collects what a prompt can do.
  public init(
    runShell: @escaping (String) -> Int32, enterFolder: @escaping (String) -> Void,
    edit: @escaping (String) -> Void, teach: @escaping (String?) throws -> Void,
    programHelp: @escaping (String) -> String?
  ) {
    self.runShell = runShell
    self.enterFolder = enterFolder
    self.edit = edit
    self.teach = teach
    self.programHelp = programHelp
  }
}
