internal import CollabTables
internal import CollabText

/// A data set that is known by name, found where it is kept, and fetched once if it is nowhere.
///
///     KnownDataSet.all.map(\.name)  // ml-100k, ml-1m, ml-25m
///
/// This is the catalogue: another data set is an entry of `all`, and nothing else.
///
/// Rows of MovieLens must not be passed on, so this package has none.
///
/// Source: F. M. Harper and J. A. Konstan, "The MovieLens Datasets: History and Context", ACM
/// Transactions on Interactive Intelligent Systems 5(4), 2015; https://grouplens.org/datasets/movielens/.
/// The sums are those that are published beside the archives.
public struct KnownDataSet: Sendable, Equatable {
  /// What users call it; also the name of its folder and, with `.zip`, of its archive.
  public let name: String
  /// What it is called in prose.
  public let title: String
  /// How many ratings it has.
  public let ratingCount: Int
  /// How many items its file of items has.
  public let itemCount: Int
  /// The page that tells about it.
  public let page: String
  /// Where its archive is, which holds a folder of its name.
  public let archive: String
  /// The bytes of the archive.
  public let archiveSize: Int
  /// The MD5 sum of the archive, in hexadecimal.
  public let archiveSum: String
  /// Its files of ratings and of items, by which a folder is known.
  let files: [KnownFile]
  /// Whether its files have the names of other data sets too, so that the folder's name must tell.
  let sharesNames: Bool

  /// All there are, the smallest first.
  public static let all = [movieLens100K, movieLens1M, movieLens25M]

  /// The one that the chapter uses.
  public static let movieLens100K = KnownDataSet(
    movieLens: "100k", title: "MovieLens 100K", ratingCount: 100_000, itemCount: 1682,
    archiveSize: 4_924_029, archiveSum: "0e33842e24a9c977be4e0107933c0723",
    files: [
      KnownFile(
        "u.data", size: 1_979_173,
        digest: "06416e597f82b7342361e41163890c81036900f418ad91315590814211dca490"),
      KnownFile(
        "u.item", size: 236_344,
        digest: "553841ebc7de3a0fd0d6b62a204ea30c1e651aacfb2814c7a6584ac52f2c5701"),
    ], sharesNames: false)

  /// Ratings of 6,040 users.
  public static let movieLens1M = KnownDataSet(
    movieLens: "1m", title: "MovieLens 1M", ratingCount: 1_000_209, itemCount: 3883,
    archiveSize: 5_917_549, archiveSum: "c4d9eecfca2ab87c1945afe126590906",
    files: [KnownFile("ratings.dat"), KnownFile("movies.dat")], sharesNames: true)

  /// Ratings of 162,541 users.
  public static let movieLens25M = KnownDataSet(
    movieLens: "25m", title: "MovieLens 25M", ratingCount: 25_000_095, itemCount: 62_423,
    archiveSize: 261_978_986, archiveSum: "6b51fb2759a8657d3bfcbfc42b592ada",
    files: [KnownFile("ratings.csv"), KnownFile("movies.csv")], sharesNames: true)

  /// The data set of a name; nil if none is known by it.
  public static func named(_ name: String) -> KnownDataSet? { all.first { $0.name == name } }

  private init(
    movieLens size: String, title: String, ratingCount: Int, itemCount: Int, archiveSize: Int,
    archiveSum: String, files: [KnownFile], sharesNames: Bool
  ) {
    name = "ml-" + size
    page = "https://grouplens.org/datasets/movielens/\(size)/"
    archive = "https://files.grouplens.org/datasets/movielens/ml-\(size).zip"
    (self.title, self.ratingCount, self.itemCount) = (title, ratingCount, itemCount)
    (self.archiveSize, self.archiveSum) = (archiveSize, archiveSum)
    (self.files, self.sharesNames) = (files, sharesNames)
  }

  /// Whether two are the same, by name.
  public static func == (first: KnownDataSet, second: KnownDataSet) -> Bool {
    first.name == second.name
  }
}

// MARK: - Telling
extension KnownDataSet {
  /// What it holds, in a few words.
  public var summary: String {
    "\(title): \(grouped(ratingCount)) ratings of \(grouped(itemCount)) films"
  }

  /// What its licence asks for, in short, for whoever downloads it.
  public var licenceNote: String {
    """
    \(title) was collected by GroupLens Research at the University of Minnesota. It may be used \
    for research and teaching with acknowledgement; it must not be passed on or used commercially \
    without their permission. Its README has the full terms. To cite: F. Maxwell Harper and Joseph A. \
    Konstan. 2015. The MovieLens Datasets: History and Context. ACM TiiS 5, 4, Article 19.
    """
  }
}

// MARK: - Knowing a folder
extension KnownDataSet {
  /// Whether a folder has its files.
  func isPresent(in folder: String) -> Bool {
    (!sharesNames || FileSystem.lastComponent(folder) == name)
      && files.allSatisfy { FileSystem.exists(folder + "/" + $0.name) }
  }

  /// Checks a folder that was just unpacked against what is known.
  ///
  /// - Parameters:
  ///   - files: what it must hold.
  ///   - folder: where they are.
  /// - Throws: `DataError.badArchive`, or `.table` for a malformed row.
  func verify(_ files: [KnownFile], in folder: String) throws(DataError) {
    for file in files {
      do { try file.verify(in: folder) } catch { throw .badArchive(self, error.reason) }
    }
    guard !files.allSatisfy(\.isKnownWholly) else { return }
    let data = try MovieLens.load(folder)
    guard data.ratings.rowCount == ratingCount, data.movies?.rowCount == itemCount else {
      throw .badArchive(
        self, "it has \(data.ratings.rowCount) ratings of \(data.movies?.rowCount ?? 0) movies")
    }
  }
}
