import CollabFiles
import FoundationEssentials

/// Where progress is kept: a folder with a file for each lesson, or memory alone.
///
/// A file is written under another name and then renamed, so that a program that is killed leaves
/// either the old progress or the new.
public final class ProgressStore {
  /// The folder; nil keeps progress in memory.
  public let folder: String?
  /// Whether the last progress could not be written.
  private(set) var isFailing = false
  private var kept: [String: LessonProgress] = [:]
  private var hasFailed = false

  /// A store in a folder, which comes into being when something is saved.
  public init(folder: String?) { self.folder = folder }

  /// `$XDG_STATE_HOME/collab/lessons`, or `~/.local/state/collab/lessons`; nil if there is no home.
  public static var standardFolder: String? {
    func folder(_ name: String) -> String? {
      ProcessInfo.processInfo.environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    let state = folder("XDG_STATE_HOME") ?? folder("HOME").map { $0 + "/.local/state" }
    return state.map { $0 + "/collab/lessons" }
  }

  /// The progress of a lesson.
  ///
  /// - Returns: nil if there is none; a remark if there is some that cannot be read, which is then
  ///   moved out of the way.
  public func progress(of lesson: String) -> (progress: LessonProgress?, remark: String?) {
    if let progress = kept[lesson] { return (progress, nil) }
    // Only a regular file is progress: a pipe would keep the lesson waiting.
    guard let path = path(of: lesson), Files.beginning(of: path, count: 1) != nil,
      let bytes = try? Files.read(path)
    else { return (nil, nil) }
    let progress = try? JSONDecoder().decode(LessonProgress.self, from: Data(bytes))
    if let progress, progress.version == LessonProgress.currentVersion {
      kept[lesson] = progress
      return (progress, nil)
    }
    let other = path + ".unreadable"
    try? Files.replace(other, with: bytes, mode: 0o600)
    try? Files.remove(path)
    return (nil, "the saved progress cannot be read; it is kept as \(other)")
  }

  /// Saves progress.
  ///
  /// - Returns: why it could not be written, the first time that happens.
  func save(_ progress: LessonProgress) -> String? {
    var progress = progress
    progress.saved = Date.now.timeIntervalSince1970
    kept[progress.lesson] = progress
    guard let folder, let path = path(of: progress.lesson) else { return nil }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    do {
      try Files.makePrivateFolders(for: path)
      try Files.replace(path, with: Array(encoder.encode(progress)), mode: 0o600)
      isFailing = false
      return nil
    } catch {
      defer { (hasFailed, isFailing) = (true, true) }
      return hasFailed ? nil : "progress cannot be saved in \(folder)"
    }
  }

  /// Forgets the progress of a lesson.
  public func remove(_ lesson: String) {
    kept[lesson] = nil
    if let path = path(of: lesson) { try? Files.remove(path) }
  }

  private func path(of lesson: String) -> String? { folder.map { "\($0)/\(lesson).json" } }
}
