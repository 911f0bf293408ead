/// The notebooks that are embedded in the executable.
public enum BundledNotebook: String, CaseIterable, Sendable {
  /// The chapter.
  case chapter = "08_collab"
  /// Questions on it, with answers and checks.
  case questionnaire = "08_questionnaire"

  /// The name of its file.
  public var fileName: String { rawValue + ".collab" }

  /// Its text.
  public var bytes: [UInt8] {
    switch self {
    case .chapter: PackageResources._8_collab_collab
    case .questionnaire: PackageResources._8_questionnaire_collab
    }
  }
}
