/// The pages that are embedded in the executable.
public enum DocumentationPage: String, CaseIterable, Sendable {
  /// A recommender in fifteen minutes.
  case tutorial
  /// Short recipes.
  case cookbook
  /// The script format.
  case scripts
  /// How to write a lesson.
  case lessons = "writing-lessons"
  /// Questions people ask.
  case faq
  /// What is deliberately not as in fastai.
  case differences
  /// Models in files.
  case models = "model-files"
  /// Where one machine ends.
  case spark
  /// How good each family is.
  case quality
  /// What was tried to break it.
  case reliability
  /// The prompt, beside others.
  case prompt
  /// How other programs talk to a session.
  case `protocol`

  /// The page in Markdown.
  public var bytes: [UInt8] {
    switch self {
    case .tutorial: PackageResources.tutorial_md
    case .cookbook: PackageResources.cookbook_md
    case .scripts: PackageResources.scripts_md
    case .lessons: PackageResources.writing_lessons_md
    case .faq: PackageResources.faq_md
    case .differences: PackageResources.differences_md
    case .models: PackageResources.model_files_md
    case .spark: PackageResources.spark_md
    case .quality: PackageResources.quality_md
    case .reliability: PackageResources.reliability_md
    case .prompt: PackageResources.prompt_md
    case .protocol: PackageResources.protocol_md
    }
  }
}
