public import CollabFiles
public import CollabTables

/// Why ratings could not be found, fetched or read.
public enum DataError: Error, Equatable {
  /// A file or its table is not as it should be.
  case table(TableError)
  /// The path leads nowhere.
  case noPath(String)
  /// The folder holds none of the files that are known.
  case noRatings(folder: String)
  /// The folder has no split of that name; those it has.
  case noFold(String, folder: String, known: [String])
  /// Several files of a folder may be the one of ratings.
  case severalRatings([String])
  /// A file of ratings does not say which columns are user, item and rating; the line to type does.
  case noRatingColumns(file: String, found: [String], line: String?)
  /// A file has a row a user and a column an item; the lines to type turn it into ratings.
  case matrix(file: String, lines: [String])
  /// A packed file could not be unpacked.
  case cannotUnpack(String, reason: String)
  /// A data set is neither here nor could it be fetched.
  case notInstalled(MissingData)
  /// The download was stopped by the user.
  case interrupted
  /// The archive is not the known one.
  case badArchive(KnownDataSet, String)
  /// The system refused to write.
  case cannotWrite(String, reason: String)
  /// The path leads to a file that statements may not name.
  case outside(String, FileBoundary)
}

/// Where a data set was looked for, and why it could not be fetched.
public struct MissingData: Sendable, Equatable {
  /// Which one.
  public let dataSet: KnownDataSet
  /// The places looked at, as a user writes them.
  public let places: [String]
  /// The folder where it would be found next time.
  public let target: String
  /// What went wrong with the download; nil if none was tried.
  public let downloadFailure: String?
}

// MARK: - Saying it
extension DataError: CustomStringConvertible {
  /// The error as one sentence without a full stop.
  public var description: String {
    switch self {
    case .table(let error): error.description
    case .noPath(let path): "no file or folder `\(path)`"
    case .noRatings(let folder):
      "there are no ratings in `\(folder)`: expected u.data, ratings.csv or ratings.dat"
    case .noFold(let name, let folder, let known):
      known.isEmpty
        ? "`\(folder)` holds no splits, which are pairs of files such as u1.base and u1.test"
        : "there is no split `\(name)` in `\(folder)`: it has \(Self.list(known))"
    case .severalRatings(let files):
      "there are several files of ratings: \(Self.list(files.map { FileSystem.lastComponent($0) }))"
    case .matrix(let file, _):
      "\(file): it seems to have a row a user and a column an item, not a row a rating"
    case .cannotUnpack(let file, let reason): "\(file): cannot be unpacked: \(reason)"
    case .noRatingColumns(let file, let found, _):
      "\(file): cannot tell user, item and rating from the columns \(found.joined(separator: ", "))"
    case .notInstalled(let missing): "the dataset \(missing.dataSet.name) is not installed"
    case .interrupted: "the download was interrupted"
    case .badArchive(let dataSet, let reason):
      "the downloaded archive is not \(dataSet.title): \(reason)"
    case .cannotWrite(let path, let reason): "cannot write `\(path)`: \(reason)"
    case .outside(let path, _):
      "`\(path)` lies outside the folder of the script, which is run safely"
    }
  }

  /// The stable word that names this kind of error.
  public var code: String {
    switch self {
    case .table(let error): error.code
    case .noPath: "no-file"
    case .noRatings, .severalRatings, .notInstalled, .noFold: "no-data"
    case .noRatingColumns, .matrix: "bad-column"
    case .interrupted: "interrupted"
    case .badArchive, .cannotUnpack: "bad-file"
    case .cannotWrite: "cannot-write"
    case .outside: "refused"
    }
  }

  /// Facts to show below the sentence.
  public var notes: [String] {
    guard case .notInstalled(let missing) = self else { return [] }
    let failure = missing.downloadFailure.map { ["the download failed: \($0)"] } ?? []
    let name = missing.dataSet.files[0].name
    return ["looked for \(name) in \(Self.list(missing.places))"] + failure
  }

  /// What to do about it, if there is something to be said; may have several lines.
  public var help: String? {
    switch self {
    case .table(let error): error.help
    case .severalRatings(let files): files.map { "load \(quoted($0))" }.joined(separator: "\n")
    case .noRatingColumns(_, _, let line):
      line ?? "name them user, item and rating in the first line, or say delimiter='…'"
    case .matrix(_, let lines): lines.joined(separator: "\n")
    case .noFold(_, _, let known): known.isEmpty ? nil : "fold=\(known[0])"
    case .notInstalled(let missing):
      """
      download \(missing.dataSet.name).zip from \(missing.dataSet.page), unpack it
      to \(missing.target), or anywhere else and then
      load \(missing.dataSet.name) path=DIR      (or start with --data DIR)
      """
    case .badArchive(let dataSet, _):
      "COLLAB_MIRROR names another place to fetch \(dataSet.name).zip from"
    case .outside(_, let boundary): "\(boundary.advice) allows it"
    default: nil
    }
  }

  /// The line of a file that is to blame, for errors about one.
  public var place: SourcePlace? {
    guard case .table(let error) = self else { return nil }
    return error.place
  }

  /// The places as `a, b and c`.
  private static func list(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "no place" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }
}

/// Runs work of the tables module, whose errors become those of this module.
func wrappingTableErrors<Value>(_ work: () throws(TableError) -> Value) throws(DataError) -> Value {
  do { return try work() } catch { throw .table(error) }
}
