#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif
public import CollabFiles
public import CollabTables

/// Where ratings are looked for.
///
///     let data = try DataSearch.current().load()  // MovieLens 100K if it is here, else the demo set
///
/// Everything it depends on is in its properties, so that a test can say what the world looks like.
public struct DataSearch: Sendable {
  /// A folder given by the user, looked at before all others.
  public var dataFolder: String?
  /// The environment: `COLLAB_DATA`, `HOME` and the like are looked up here, not in the process.
  public var environment: [String: String]
  /// The folder that relative paths start from.
  public var workingFolder: String
  /// The folder of the script that runs: files that it reads may lie beside it.
  public var scriptFolder: String?
  /// Where files that statements name must lie; nil for anywhere.
  ///
  /// The places of data that the user chose can be read in any case.
  public var boundary: FileBoundary?
  /// What the archive of MovieLens 100K must hold; others are for tests, which have none of its rows.
  package var archiveFiles = MovieLens.files
  /// Asked during a download: whether the user wants to stop it.
  public var isInterrupted: @Sendable () -> Bool

  /// Creates a search in a world described by its arguments.
  public init(
    dataFolder: String? = nil, environment: [String: String] = [:], workingFolder: String = ".",
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) {
    self.dataFolder = dataFolder
    self.environment = environment
    self.workingFolder = workingFolder
    self.isInterrupted = isInterrupted
  }

  /// A search in the world of this process.
  public static func current(dataFolder: String? = nil) -> DataSearch {
    let names = ["COLLAB_DATA", "COLLAB_MIRROR", "HOME", "PATH", "TMPDIR", "XDG_DATA_HOME"]
    var environment: [String: String] = [:]
    for name in names {
      if let value = getenv(name) { environment[name] = String(cString: value) }
    }
    let folder = getcwd(nil, 0)
    defer { free(folder) }
    return DataSearch(
      dataFolder: dataFolder, environment: environment,
      workingFolder: folder.map { String(cString: $0) } ?? ".")
  }
}

// MARK: - Places
extension DataSearch {
  /// A place to look at: the folders it stands for, and how a user writes it.
  struct Place: Equatable {
    let folders: [String]
    let label: String
  }

  /// The places where MovieLens 100K may be, the first one first.
  var places: [Place] {
    var places: [Place] = []
    if let dataFolder {
      places.append(either(dataFolder, label: dataFolder))
    }
    let named = environment["COLLAB_DATA"] ?? ""
    if !named.isEmpty {
      places.append(either(named, label: "$COLLAB_DATA (\(abbreviated(named)))"))
    }
    places.append(Place(folders: [workingFolder + "/ml-100k"], label: "./ml-100k"))
    if let cacheFolder {
      let folder = cacheFolder + "/ml-100k"
      places.append(Place(folders: [folder], label: abbreviated(folder)))
    }
    if named.isEmpty { places.append(Place(folders: [], label: "$COLLAB_DATA (not set)")) }
    return places
  }

  /// The folder where downloads are kept: `$XDG_DATA_HOME/collab`, by default in `~/.local/share`.
  var cacheFolder: String? {
    if let base = environment["XDG_DATA_HOME"], base.hasPrefix("/") {
      return base + "/collab"
    }
    return environment["HOME"].map { $0 + "/.local/share/collab" }
  }

  /// The first folder with ratings, or nil.
  func installedFolder(where isWanted: (String) -> Bool = MovieLens.isPresent) -> String? {
    places.flatMap(\.folders).first(where: isWanted)
  }

  /// The path with the home folder as `~`.
  func abbreviated(_ path: String) -> String {
    guard let home = environment["HOME"], !home.isEmpty, path.hasPrefix(home + "/") else {
      return path
    }
    return "~" + path.dropFirst(home.count)
  }

  private func either(_ folder: String, label: String) -> Place {
    let path = absolute(folder)
    return Place(folders: [path, path + "/ml-100k"], label: label)
  }

  /// The whole path of a file: `~` is the home folder, and a relative path starts from the working
  /// folder.
  public func absolute(_ path: String) -> String {
    FileSystem.absolute(path, from: workingFolder, home: environment["HOME"])
  }

  /// The whole path of a file to read: one that is not in the working folder may lie beside the
  /// script that names it.
  ///
  /// - Throws: ``DataError/outside(_:_:)`` if statements may not name it.
  public func readable(_ path: String) throws(DataError) -> String {
    let place = whereItLies(path)
    guard let boundary, !boundary.contains(place),
      !places.flatMap(\.folders).contains(where: { FileBoundary.isInside(place, of: $0) })
    else { return place }
    throw .outside(abbreviated(place), boundary)
  }

  /// The whole path of a file to write.
  ///
  /// - Throws: ``DataError/outside(_:_:)`` if statements may not name it.
  public func writable(_ path: String) throws(DataError) -> String {
    let place = absolute(path)
    guard let boundary, !boundary.contains(place) else { return place }
    throw .outside(abbreviated(place), boundary)
  }

  private func whereItLies(_ path: String) -> String {
    let usual = absolute(path)
    guard let scriptFolder, !path.hasPrefix("/"), !path.hasPrefix("~"),
      !FileSystem.exists(usual)
    else { return usual }
    let beside = absolute("\(scriptFolder)/\(path)")
    return FileSystem.exists(beside) ? beside : usual
  }
}

// MARK: - Loading
extension DataSearch {
  /// Loads ratings by name or path.
  ///
  /// Without a name: MovieLens 100K (or what else is in the folder the user gave, which must have
  /// ratings) if it is in one of the places, else the built-in demo set. `ml-100k` insists on MovieLens
  /// and fetches it once if it is nowhere; `demo` is the built-in set; anything else is a path, see
  /// `MovieLens.load`.
  ///
  /// The places are, in this order: `dataFolder`, `$COLLAB_DATA` (each the folder itself or the one
  /// above), `./ml-100k`, and `collab/ml-100k` in the user's data folder.
  ///
  /// - Parameters:
  ///   - name: `ml-100k`, `demo`, a path, or nil.
  ///   - order: The order of rows after the titles are merged in.
  ///   - options: What is known about a file.
  ///   - observer: is told how far reading a file has come, and may stop it.
  ///   - downloadObserver: is told how many bytes of a download have come, of how many.
  /// - Returns: The ratings; the licence is among their notes if they were just fetched.
  /// - Throws: `DataError`.
  public func load(
    _ name: String? = nil, order: MergeOrder = .grouped, options: LoadOptions = LoadOptions(),
    observer: ReadObserver? = nil, downloadObserver: ((_ done: Int, _ total: Int) -> Void)? = nil
  ) throws(DataError) -> RatingsData {
    switch name {
    case nil:
      // Whoever names a folder does not want other ratings instead.
      if let dataFolder, !either(dataFolder, label: "").folders.contains(where: MovieLens.isPresent)
      {
        throw .noRatings(folder: dataFolder)
      }
      guard let folder = installedFolder() else {
        var data = try DemoRatings.generate().data(order: order)
        if let named = environment["COLLAB_DATA"], !named.isEmpty {
          data.notes = ["there are no ratings in $COLLAB_DATA (\(abbreviated(named)))"]
        }
        return data
      }
      return try load(folder: folder, order: order, options: options, observer)
    case "demo":
      return try DemoRatings.generate().data(order: order)
    case "ml-100k":
      let folder = try movieLensFolder(downloadObserver: downloadObserver)
      return try load(
        folder: folder.path, order: order, notes: folder.notes, options: options, observer)
    case let path?:
      return try MovieLens.load(
        try readable(path), shownAs: path, order: order, options: options, unpacker: unpacker,
        observer: observer)
    }
  }

  /// Unpacks files that are read.
  public var unpacker: Unpacker {
    Unpacker(environment: environment, isInterrupted: isInterrupted)
  }

  /// The folder of MovieLens 100K, which is fetched if it is in none of the places.
  ///
  /// - Parameter downloadObserver: is told how many bytes of a download have come, of how many.
  /// - Returns: The folder, and the licence if it was just fetched.
  /// - Throws: `DataError`; without a network `notInstalled`, which says where it looked.
  public func movieLensFolder(
    downloadObserver: ((_ done: Int, _ total: Int) -> Void)? = nil
  ) throws(DataError) -> (path: String, notes: [String]) {
    if let folder = installedFolder(where: MovieLens.is100K) { return (folder, []) }
    guard let cacheFolder else {
      throw notInstalled(because: "there is no folder to keep it in, HOME is not set")
    }
    let download = Download(
      address: Download.address(mirror: environment["COLLAB_MIRROR"]), cacheFolder: cacheFolder,
      files: archiveFiles, environment: environment, observer: downloadObserver,
      isInterrupted: isInterrupted)
    do {
      return (try download.run(), [MovieLens.licenceNote])
    } catch {
      switch error {
      case .data(let error): throw error
      case .reason(let reason): throw notInstalled(because: reason)
      }
    }
  }

  private func notInstalled(because reason: String) -> DataError {
    .notInstalled(
      MissingData(
        places: places.map(\.label),
        target: cacheFolder.map { abbreviated($0 + "/ml-100k") } ?? "./ml-100k",
        downloadFailure: reason))
  }

  private func load(
    folder: String, order: MergeOrder, notes: [String] = [], options: LoadOptions,
    _ observer: ReadObserver?
  ) throws(DataError) -> RatingsData {
    var data = try MovieLens.load(
      folder, order: order, options: options, unpacker: unpacker, observer: observer)
    (data.source, data.notes) = (abbreviated(data.source), notes + data.notes)
    return data
  }
}

// MARK: - Asking
extension DataSearch {
  /// Whether a data set can be loaded without fetching anything.
  ///
  /// - Parameter name: `ml-100k`, `demo`, or the path of a folder with ratings or of a file.
  /// - Returns: whether there is something in one of the places; what it holds is not looked at.
  public func isInstalled(_ name: String) -> Bool {
    switch name {
    case "demo": true
    case "ml-100k": installedFolder(where: MovieLens.is100K) != nil
    default: (try? readable(name)).map(FileSystem.exists) ?? false
    }
  }

  /// Whether ratings that were loaded are those of a data set.
  ///
  /// - Parameters:
  ///   - name: as in ``isInstalled(_:)``.
  ///   - loaded: the name of the ratings, as ``RatingsData`` has it.
  ///   - source: where they come from.
  /// - Returns: whether they are what `name` stands for.
  public func isSet(_ name: String, loaded: String, from source: String) -> Bool {
    switch name {
    case "demo": loaded == name
    case "ml-100k": loaded != "demo" && MovieLens.is100K(absolute(source))
    default: absolute(name) == absolute(source)
    }
  }
}
