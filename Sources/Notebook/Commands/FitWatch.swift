import Collab
import CollabDocuments
import CollabInterpreter
import CollabTensors

/// A picture that changes while a model is trained, and what of it stays below the table of losses.
final class FitWatch {
  /// What there is to see.
  enum Subject: String {
    /// The losses of the epochs.
    case loss
    /// The items on the map of their factors.
    case map
  }

  /// How many items a map has room for, beside two others.
  private static let itemCount = 20

  private let subject: Subject
  private let learner: Learner
  private var epochs: [Recorder.Epoch] = []
  /// The maps, that before the fit first.
  private var frames: [(title: String, map: FactorMap)] = []

  /// Looks at a learner before it is trained.
  ///
  /// - Throws: ``InterpretationError/noFactors(of:model:)`` if there is nothing for a map.
  init(_ subject: Subject, _ learner: Learner) throws {
    (self.subject, self.learner) = (subject, learner)
    if subject == .map { try keepFrame("before") }
  }

  /// Takes in an epoch that is over.
  func add(_ epoch: Recorder.Epoch) throws {
    epochs.append(epoch)
    if subject == .map { try keepFrame("after epoch \(epoch.number)") }
  }

  private func keepFrame(_ title: String) throws {
    frames.append(
      (title, try learner.factorMap(of: .items, count: Self.itemCount, componentCount: 3)))
  }

  /// What there is to see now; nil if it is nothing yet.
  var picture: Plot? {
    switch subject {
    case .loss: epochs.isEmpty ? nil : losses
    case .map: frames.indices.last.flatMap { plot($0, caption: key) }
    }
  }

  /// What stays: the losses, or the first map, one from the middle and the last, and what their
  /// numbers stand for.
  var remains: [Block] {
    if epochs.isEmpty { return [] }
    switch subject {
    case .loss: return [.plot(losses)]
    case .map:
      let places = Set([0, frames.count / 2, frames.count - 1]).sorted()
      let plots = places.compactMap { plot($0) }
      return plots.isEmpty ? [] : [.frames(plots), .paragraph(key)]
    }
  }

  /// The items and their numbers, which are the same in all maps.
  private var key: String {
    (frames.first?.map.names ?? []).enumerated().map { "\($0 + 1) \($1)" }.joined(separator: " · ")
  }

  private var losses: Plot {
    let numbers = epochs.map { Double($0.number) }
    func series(_ name: String, _ loss: (Recorder.Epoch) -> Float) -> Plot.Series {
      Plot.Series(name, x: numbers, y: epochs.map { Double(loss($0)) }, mark: .linePoints)
    }
    return Plot(
      series: [series("train_loss", \.trainLoss)]
        + (learner.loaders.validation.isEmpty ? [] : [series("valid_loss", \.validLoss)]),
      horizontal: .init("epoch", limits: 0...max(numbers.last ?? 1, 1), isWhole: true),
      vertical: .init("loss"))
  }

  /// The map at a place; nil if all items lie in one point or nowhere, as before some fits.
  private func plot(_ place: Int, caption: String = "") -> Plot? {
    let across = component(0, place)
    let up = component(2, place)
    guard Set(across).count > 1, (across + up).allSatisfy(\.isFinite) else { return nil }
    return Plot(
      title: frames[place].title,
      series: [
        .init(
          x: across, y: up, mark: .points, labels: frames[place].map.names, isNumbered: true)
      ],
      horizontal: .init("component 0"), vertical: .init("component 2"), caption: caption,
      proportion: 0.6)
  }

  /// Where the items lie along a direction, turned as in the last map: which way it runs is chance.
  private func component(_ number: Int, _ place: Int) -> [Double] {
    func numbers(_ place: Int) -> [Double] {
      let components = frames[place].map.components
      let all = components.doubles()
      let count = components.shape[1]
      return stride(from: min(number, count - 1), to: all.count, by: count).map { all[$0] }
    }
    let own = numbers(place)
    let agreement = zip(own, numbers(frames.count - 1)).reduce(0) { $0 + $1.0 * $1.1 }
    return agreement < 0 ? own.map { -$0 } : own
  }
}
