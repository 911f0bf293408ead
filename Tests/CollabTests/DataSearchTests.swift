import Collab
import Foundation
import CollabTables
import TestSupport
import Testing

/// A world of its own: a home, a working folder, and the programs of this machine.
private struct World {
  let folder: TemporaryFolder
  var search: DataSearch

  init() throws {
    folder = try TemporaryFolder()
    folder.write("home/x", "")
    folder.write("work/x", "")
    search = DataSearch(
      environment: ["HOME": folder.path + "/home", "PATH": "/usr/local/bin:/usr/bin:/bin"],
      workingFolder: folder.path + "/work")
  }

  /// Writes two ratings in the form of MovieLens 100K.
  func writeRatings(in name: String) throws {
    folder.write(name + "/u.data", "1\t1\t5\t900000000\n2\t1\t3\t900000001\n")
    folder.write(name + "/u.item", "1|Aria (1997)|01-Jan-1997||\n")
  }
}

private let hasTools = ["curl", "unzip", "zip"].allSatisfy {
  FileManager.default.isExecutableFile(atPath: "/usr/bin/" + $0)
}

private func failure(_ work: () throws(DataError) -> Void) -> DataError? {
  do {
    try work()
    return nil
  } catch { return error }
}

struct DataSearchTests {
  @Test func `with nothing installed the built-in set is loaded`() throws {
    let data = try World().search.load()
    #expect(data.name == "demo")
    #expect(data.ratings.rowCount == 100_000)
    #expect(data.ratings.columnNames == ["user", "movie", "rating", "timestamp", "title"])
    #expect(data.notes == [])
  }

  @Test(arguments: ["work/ml-100k", "home/.local/share/collab/ml-100k"])
  func `MovieLens is found where it is kept`(_ place: String) throws {
    let world = try World()
    try world.writeRatings(in: place)
    #expect(try world.search.load().ratings.rowCount == 2)
    #expect(try world.search.load("ml-100k").name == "ml-100k")
  }

  @Test func `COLLAB_DATA is the folder or the one above`() throws {
    var world = try World()
    try world.writeRatings(in: "mine/ml-100k")
    for folder in ["/mine", "/mine/ml-100k"] {
      world.search.environment["COLLAB_DATA"] = world.folder.path + folder
      #expect(try world.search.load("ml-100k").ratings.rowCount == 2)
    }
  }

  @Test func `a COLLAB_DATA that leads nowhere is mentioned`() throws {
    var world = try World()
    world.search.environment["COLLAB_DATA"] = "/nowhere"
    let data = try world.search.load()
    #expect(data.name == "demo")
    #expect(data.notes == ["there are no ratings in $COLLAB_DATA (/nowhere)"])
  }

  @Test func `the folder of the user comes first and is insisted on`() throws {
    var world = try World()
    try world.writeRatings(in: "work/ml-100k")
    world.folder.write("mine/ratings.csv", "userId,movieId,rating,timestamp\n1,2,3.5,4\n")
    world.search.dataFolder = "../mine"
    #expect(try world.search.load().ratings.rowCount == 1)
    // Other places do not stand in for it.
    world.search.dataFolder = "../home"
    #expect(
      failure { () throws(DataError) in _ = try world.search.load() }
        == .noRatings(folder: "../home"))
    var empty = try World()
    empty.search.dataFolder = "nowhere"
    #expect(
      failure { () throws(DataError) in _ = try empty.search.load() }
        == .noRatings(folder: "nowhere"))
  }

  @Test func `XDG_DATA_HOME moves the folder for downloads`() throws {
    var world = try World()
    try world.writeRatings(in: "data/collab/ml-100k")
    world.search.environment["XDG_DATA_HOME"] = world.folder.path + "/data"
    #expect(try world.search.load("ml-100k").ratings.rowCount == 2)
  }

  @Test func `a path is taken from the working folder or from home`() throws {
    let world = try World()
    world.folder.write("work/mine.csv", "user,item,rating\n1,2,3\n")
    world.folder.write("home/mine.csv", "user,item,rating\n1,2,3\n4,5,2\n")
    #expect(try world.search.load("mine.csv").ratings.rowCount == 1)
    #expect(try world.search.load("~/mine.csv").ratings.rowCount == 2)
    #expect(try world.search.load("demo").name == "demo")
  }

  @Test func `without the archive the error says where it looked`() throws {
    var world = try World()
    world.search.environment["COLLAB_MIRROR"] = "file:///nowhere"
    let error = failure { () throws(DataError) in _ = try world.search.load("ml-100k") }
    #expect(error?.code == "no-data")
    #expect(error?.description == "the dataset ml-100k is not installed")
    #expect(
      error?.notes.first
        == "looked for u.data in ./ml-100k, ~/.local/share/collab/ml-100k and $COLLAB_DATA (not set)"
    )
    #expect(error?.notes.last?.hasPrefix("the download failed: ") == true)
    #expect(
      error?.help == """
        download ml-100k.zip from https://grouplens.org/datasets/movielens/100k/, unpack it
        to ~/.local/share/collab/ml-100k, or anywhere else and then
        load ml-100k path=DIR      (or start with --data DIR)
        """)
  }

  @Test func `without a program to fetch it the error says so`() throws {
    var world = try World()
    world.search.environment["PATH"] = world.folder.path
    let error = failure { () throws(DataError) in _ = try world.search.load("ml-100k") }
    #expect(
      error?.notes.last == "the download failed: neither curl nor wget is installed")
  }
}

struct DownloadTests {
  @Test(.enabled(if: hasTools, "needs curl, zip and unzip"))
  func `an archive that is not MovieLens is refused and leaves nothing behind`() throws {
    var world = try World()
    try world.writeRatings(in: "mirror/ml-100k")
    try zip(world.folder.path + "/mirror")
    world.search.environment["COLLAB_MIRROR"] = "file://" + world.folder.path + "/mirror"
    let error = failure { () throws(DataError) in _ = try world.search.load("ml-100k") }
    #expect(
      error?.description
        == "the downloaded archive is not MovieLens 100K: u.data has 32 bytes instead of 1979173")
    let cache = world.folder.path + "/home/.local/share/collab"
    #expect(try FileManager.default.contentsOfDirectory(atPath: cache) == [])
  }

  @Test(
    .enabled(if: hasTools, "needs curl, zip and unzip"),
    arguments: ["/mirror", "/mirror/ml-100k.zip"])
  func `an archive of the right shape is fetched once`(_ mirror: String) throws {
    var world = try World()
    world.search.archiveFiles = try mirrorLookalikes(of: world)
    world.search.environment["COLLAB_MIRROR"] = "file://" + world.folder.path + mirror
    let first = try world.search.load("ml-100k")
    #expect(first.ratings.rowCount == 100_000)
    #expect(first.source == "~/.local/share/collab/ml-100k")
    #expect(first.notes == [MovieLens.licenceNote])
    world.search.environment["COLLAB_MIRROR"] = "file:///nowhere"
    #expect(try world.search.load("ml-100k").notes == [])
    let cache = world.folder.path + "/home/.local/share/collab"
    #expect(try FileManager.default.contentsOfDirectory(atPath: cache) == ["ml-100k"])
  }

  @Test(.enabled(if: hasTools, "needs curl, zip and unzip"))
  func `an archive of the right sizes with other bytes is refused`() throws {
    var world = try World()
    let files = try mirrorLookalikes(of: world)
    world.search.environment["COLLAB_MIRROR"] = "file://" + world.folder.path + "/mirror"
    let error = failure { () throws(DataError) in _ = try world.search.load("ml-100k") }
    #expect(
      error?.description.hasPrefix(
        "the downloaded archive is not MovieLens 100K: the SHA-256 digest of u.data is ") == true)
    world.search.archiveFiles = files
    #expect(try world.search.load("ml-100k").ratings.rowCount == 100_000)
  }

  @Test func `Ctrl-C during the download is told apart from a failure`() throws {
    var world = try World()
    try world.folder.writeProgram("bin/curl", "#!/bin/sh\nkill -INT $$\n")
    world.search.environment["PATH"] = world.folder.path + "/bin"
    #expect(
      failure { () throws(DataError) in _ = try world.search.load("ml-100k") } == .interrupted)
  }

  @Test func `wget is used where there is no curl`() throws {
    var world = try World()
    try world.folder.writeProgram("bin/wget", "#!/bin/sh\necho \"called: $*\" >&2\nexit 4\n")
    world.search.environment["PATH"] = world.folder.path + "/bin"
    let error = failure { () throws(DataError) in _ = try world.search.load("ml-100k") }
    let note = try #require(error?.notes.last)
    #expect(note.hasPrefix("the download failed: called: -nv --tries=2 --timeout=20 -O "))
    #expect(note.hasSuffix(" -- https://files.grouplens.org/datasets/movielens/ml-100k.zip"))
  }

  /// Puts an archive of made-up rows into the folder `mirror`, and says what is in it.
  private func mirrorLookalikes(of world: World) throws -> [KnownFile] {
    let files = [("u.data", lookalikeRatings()), ("u.item", lookalikeMovies())]
    for (name, text) in files { world.folder.write("mirror/ml-100k/" + name, text) }
    try zip(world.folder.path + "/mirror")
    return files.map { name, text in
      KnownFile(name, size: text.utf8.count, digest: Digest.hex(of: Array(text.utf8)))
    }
  }

  private func zip(_ folder: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/zip")
    process.arguments = ["-q", "-r", "ml-100k.zip", "ml-100k"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    try process.run()
    process.waitUntilExit()
  }

  /// 100,000 made-up ratings in exactly as many bytes as the official file has.
  private func lookalikeRatings() -> String {
    var lines: [String] = []
    // The last columns are zeros as far as the size asks for it.
    let size = 1_979_173
    let short = (0..<100_000).map { "\($0 / 1000 + 1)\t\($0 % 1000 + 1)\t3\t9\n" }
    var missing = size - short.map(\.utf8.count).reduce(0, +)
    for line in short {
      let zeros = min(missing, 15)
      missing -= zeros
      lines.append(line.dropLast() + String(repeating: "0", count: zeros) + "\n")
    }
    return lines.joined()
  }

  /// 1,682 made-up films in exactly as many bytes as the official file has.
  private func lookalikeMovies() -> String {
    let lines = (1...1682).map { "\($0)|Film \($0) (1990)|01-Jan-1990||x" }
    let size = lines.map(\.utf8.count).reduce(0, +) + 1682
    return lines.joined(separator: "\n") + String(repeating: "x", count: 236_344 - size) + "\n"
  }
}
