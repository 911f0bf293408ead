internal import Glibc

/// A folder that files must lie in: what somebody else wrote may not name others.
///
///     let boundary = FileBoundary(folder: "lessons", advice: "collab run first.collab")
///     boundary.contains("/home/ada/lessons/films.csv")  // true
///     boundary.contains("/home/ada/lessons/../diary")   // false
public struct FileBoundary: Sendable, Equatable {
  /// The folder, free of links.
  public let folder: String
  /// What to type where files outside are wanted nevertheless.
  public let advice: String

  /// A folder with all that is in it; empty is the working folder.
  ///
  /// One that is not there holds nothing.
  public init(folder: String, advice: String) {
    self.folder = Self.resolved(folder.isEmpty ? "." : folder) ?? ""
    self.advice = advice
  }

  /// Whether a file lies in the folder or would, links followed.
  public func contains(_ path: String) -> Bool { Self.isInside(path, of: folder) }

  /// Whether a path leads into a folder, links of both followed.
  public static func isInside(_ path: String, of folder: String) -> Bool {
    guard let place = resolved(path), let folder = resolved(folder) else { return false }
    return folder == "/" || place == folder || place.hasPrefix(folder + "/")
  }

  /// The path without links and dots.
  ///
  /// - Returns: nil if no file can be there, or if it is a link that leads nowhere: what is written to it
  ///   would come into being wherever that is.
  private static func resolved(_ path: String) -> String? {
    if let place = realpath(path, nil) {
      defer { free(place) }
      return String(cString: place)
    }
    var status = stat()
    guard errno == ENOENT, lstat(path, &status) != 0 else { return nil }
    let name = path.split(separator: "/").last ?? ""
    guard !name.isEmpty, name != ".." else { return nil }
    let folder = FileDraft.folder(of: path)
    guard let place = realpath(folder.isEmpty ? "." : folder, nil) else { return nil }
    defer { free(place) }
    return (String(cString: place) == "/" ? "" : String(cString: place)) + "/" + name
  }
}
