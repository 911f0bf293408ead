import CollabLearning
import CollabMemory
import CollabRandomness
import CollabTables
public import CollabTensors
public import CollabThreading

/// What fits of so many ratings will take on this machine: memory by formula, time by a short trial.
///
/// There is one only where that is worth knowing: for ratings whose epochs take long, or whose fits take
/// a good part of the memory that is free.
public struct FitForecast: Sendable {
  /// What a model takes.
  public struct Line: Sendable, Equatable {
    /// Which model.
    public let architecture: Architecture
    /// About how long an epoch is; nil if that was not tried.
    public let seconds: Double?
    /// What the model and its fit take beside the ratings.
    public let bytes: Int
  }

  /// How many factors the models have.
  public let factors: Int
  /// A line a model.
  public let lines: [Line]
  /// How many bytes are free.
  public let free: Int

  /// Epochs of fewer ratings are short.
  private static let manyRatings = 2_000_000
  /// Seconds from which on an epoch is long.
  private static let longEpoch = 10.0
  /// The share of the free memory from which on a fit takes much.
  private static let largeShare = 4

  /// A forecast; nil where nothing takes long, or much.
  ///
  /// - Parameters:
  ///   - users: how many there are.
  ///   - items: how many there are.
  ///   - ratings: how many there are to learn from.
  ///   - batchSize: ratings in a batch.
  ///   - factors: numbers that describe each user and item.
  ///   - threads: how many may be used.
  /// - Throws: ``TensorError/interrupted``.
  public init?(
    users: Int, items: Int, ratings: Int, batchSize: Int = 64, factors: Int = 50,
    threads: Threads = .current
  ) throws(TensorError) {
    let size = FitTrial(
      users: users, items: items, ratings: ratings, batchSize: batchSize, factors: factors)
    let large = AvailableMemory.byteCount / Self.largeShare
    let kinds = [Architecture.dotBias, .als] + (items <= EASE.mostItems ? [.ease] : [])
    guard ratings > Self.manyRatings || kinds.contains(where: { size.bytes($0) > large }) else {
      return nil
    }
    var lines: [Line] = []
    for kind in kinds {
      let bytes = size.bytes(kind)
      guard kind != .ease || bytes > large else { continue }
      // What does not fit is not tried, and where there is no room for a trial there is no time.
      let isTried =
        kind != .ease && bytes < large * Self.largeShare && ratings > Self.manyRatings
      lines.append(
        Line(
          architecture: kind, seconds: isTried ? try size.seconds(kind, threads) : nil,
          bytes: bytes))
    }
    let isWorthIt = lines.contains { $0.bytes > large || $0.seconds ?? 0 > Self.longEpoch }
    guard isWorthIt else { return nil }
    (self.lines, self.factors, free) = (lines, factors, large * Self.largeShare)
  }
}

/// Models of the size that some ratings ask for.
struct FitTrial {
  let users: Int
  let items: Int
  let ratings: Int
  let batchSize: Int
  let factors: Int

  /// Batches that are timed, behind some that warm up: the first ones sum term by term what rows owe, and
  /// try how many threads to use.
  private static let (warmBatches, timedBatches) = (400, 1000)
  /// Ratings that a trial has at most.
  private static let mostRatings = 500_000
  /// Users and items that a trial has at most: tables that no cache holds are all alike.
  private static let mostRows = 500_000

  /// What a model and its fit take beside the ratings.
  func bytes(_ architecture: Architecture) -> Int {
    let rows = users + items + 2
    let parameters =
      architecture == .ease
      ? items * items
      : architecture == .als || architecture == .dotBias
        ? rows * (factors + 1) : rows
    let own = 4 * parameters + FitMemory.checkpoint(parameters: parameters)
    let sorting =
      FitMemory.sorting(ratings, rows: users) + FitMemory.sorting(ratings, rows: items)
    switch architecture {
    case .als: return own + sorting + FitMemory.leastSquares(rows: rows, factors: factors)
    case .ease: return own + sorting + FitMemory.pairs(items: items)
    default: return own + FitMemory.gradient(parameters: parameters, ratings: ratings)
    }
  }

  /// About how long an epoch of `dotbias` or `als` is, from a part of one on ratings of these sizes.
  ///
  /// - Returns: nil where there is no room for a trial.
  /// - Throws: ``TensorError/interrupted``.
  func seconds(_ architecture: Architecture, _ threads: Threads) throws(TensorError) -> Double? {
    do {
      return architecture == .als ? try secondsOfSweep(threads) : try secondsOfSteps(threads)
    } catch TensorError.interrupted {
      throw .interrupted
    } catch {
      return nil
    }
  }

  /// From some steps of `dotbias` over all users and items.
  private func secondsOfSteps(_ threads: Threads) throws -> Double {
    let size = min(batchSize, Self.mostRatings / 4)
    let batches = min(Self.warmBatches + Self.timedBatches, Self.mostRatings / size)
    let learner = try learner(
      .dotBias, users: min(users, Self.mostRows), items: min(items, Self.mostRows),
      ratings: batches * size, batchSize: size, threads)
    let watch = FitClock()
    try watch.fit(learner, FitPlan(epochs: 1, .flat(5e-3)))
    let first = min(Self.warmBatches, batches / 2)
    let seconds = watch.seconds(from: first)
    return seconds / Double(max(batches - 1 - first, 1) * size) * Double(ratings)
  }

  /// From an iteration over a part of the users and items, each with as many ratings as they have.
  private func secondsOfSweep(_ threads: Threads) throws -> Double {
    let part = min(1, Double(Self.mostRatings) / Double(max(ratings, 1)))
    func share(_ count: Int) -> Int { max(1, Int(clamping: part * Double(count))) }
    let learner = try learner(
      .als, users: share(users), items: share(items), ratings: share(ratings), batchSize: 64,
      threads)
    let watch = FitClock()
    try watch.fit(learner, FitPlan(epochs: 2))
    return watch.secondsOfLastEpoch / part
  }

  /// A learner of ratings at random, in which some items have more than others.
  private func learner(
    _ architecture: Architecture, users: Int, items: Int, ratings: Int, batchSize: Int,
    _ threads: Threads
  ) throws -> Learner {
    func vocabulary(_ name: String, _ count: Int) -> Vocabulary {
      Vocabulary(name: name, values: Column(name, integers: Array(1...max(count, 1))))
    }
    let (users, items) = (vocabulary("user", users), vocabulary("item", items))
    var random = SplitMix(seed: 1)
    let pairs = (0..<ratings).map { _ in
      let place = random.uniform()
      return (
        user: Int32(clamping: 1 + random.below(users.values.count)),
        item: Int32(clamping: 1 + Int(clamping: place * place * Double(items.values.count)))
      )
    }
    let set = RatingSet(
      users: pairs.map(\.user), items: pairs.map(\.item),
      ratings: pairs.map { Float(1 + ($0.user ^ $0.item) % 5) },
      rows: Array(0..<Int32(clamping: ratings))[...])
    let part = KeptRatings.Part(
      rated: RatedItems(set, by: .users, rows: users.count), order: StoredNumbers([]))
    let kept = KeptRatings(
      training: part, validation: KeptRatings.Part(users: users.count),
      scale: RatingScale(set.stars), itemCounts: nil, ratingName: "rating")
    var options = DataLoaders.Options()
    options.batchSize = batchSize
    // What it draws is nobody else's.
    let streams = RandomStreams(seed: 1)
    let loaders = DataLoaders(users: users, items: items, kept, options: options, using: streams)
    var choices = ModelOptions(for: architecture)
    choices.factors = factors
    let learner = Learner(
      loaders, try architecture.model(for: loaders, choices, using: streams))
    learner.threads = threads
    return learner
  }
}

/// Notes when batches and epochs of a fit are done.
private final class FitClock: FitObserver {
  private var batches: [ContinuousClock.Instant] = []
  private var epochs: [ContinuousClock.Instant] = []

  /// Fits, unless somebody wants it to stop.
  func fit(_ learner: Learner, _ plan: FitPlan) throws {
    guard case .finished = try learner.fit(plan, observer: self) else {
      throw TensorError.interrupted
    }
  }

  func batchDidFinish(_ progress: FitProgress) -> Bool {
    batches.append(.now)
    return !Interruption.isAsked
  }
  func partDidFinish(_ progress: FitProgress) -> Bool { !Interruption.isAsked }
  func validationBatchDidFinish(_ progress: FitProgress) -> Bool { !Interruption.isAsked }
  func epochDidFinish(_ epoch: Recorder.Epoch) { epochs.append(.now) }

  /// From the end of a batch to that of the last.
  func seconds(from batch: Int) -> Double {
    guard let last = batches.last, batches.indices.contains(batch) else { return 0 }
    return (last - batches[batch]) / .seconds(1)
  }

  var secondsOfLastEpoch: Double {
    guard epochs.count > 1 else { return 0 }
    return (epochs[epochs.count - 1] - epochs[epochs.count - 2]) / .seconds(1)
  }
}
