import Collab
import CollabLanguage
import CollabInterpreter
import CollabNotebook
import TestSupport
import Testing

/// An option of a command that leads to a fit, and values that it may have.
struct OptionCase: Sendable, CustomTestStringConvertible {
  let command: String
  let option: String
  let values: [String]
  /// Options of other commands, and of this one, that the option needs to count.
  var setting: [String: String] = [:]

  var testDescription: String { "\(command) \(option)" }

  init(
    _ command: String, _ option: String, _ values: String..., with setting: [String: String] = [:]
  ) {
    (self.command, self.option, self.values, self.setting) = (command, option, values, setting)
  }

  /// The cells of a fit with one of the values.
  func cells(_ value: String) -> [String] {
    ["dataloaders", command == "collab_learner" ? "collab_learner" : "learner", "fit"].map { name in
      var words = [name]
      let usual = ["learner": "dotbias", "fit": "2 5e-3", "dataloaders": "ratings"]
      if command == name, ["model", "epochs", "table"].contains(option) {
        words.append(name == "fit" ? "\(value) 5e-3" : value)
      } else if let word = setting["\(name) first"] ?? usual[name] {
        words.append(word)
      }
      if name == "dataloaders", option != "bs" { words.append("bs=16") }
      if let more = setting[name] { words.append(more) }
      if command == name, !["model", "epochs", "table", "lr"].contains(option) {
        words.append("\(option)=\(value)")
      }
      if command == name, option == "lr" { words = [name, "2", value] }
      return words.joined(separator: " ")
    }
  }

  private static let baseline = ["learner first": "baseline", "fit first": "5"]
  private static let popular = ["learner first": "popular", "fit first": ""]
  private static let itemKNN = ["learner first": "itemknn", "fit first": ""]
  private static let bayes = ["learner first": "bayes factors=3", "fit first": "6"]
  private static let ease = ["learner first": "ease", "fit first": ""]
  private static let ials = ["learner first": "ials factors=3", "fit first": "3"]
  private static let als = ["learner first": "als factors=3", "fit first": "3"]

  /// Those that change what is learned.
  static let changing: [OptionCase] = [
    .init("dataloaders", "table", "ratings", "others"),
    .init("dataloaders", "item", "title", "movie"),
    .init("dataloaders", "user", "user", "rater"),
    .init("dataloaders", "rating", "rating", "stars"),
    .init("dataloaders", "bs", "16", "8"),
    .init("dataloaders", "valid_pct", "0.2", "0.4"),
    .init("dataloaders", "valid", "ratings", "others"),
    .init("dataloaders", "split", "random", "user", "time", "last"),
    .init("dataloaders", "n", "1", "2", with: ["dataloaders": "split=last"]),
    .init("dataloaders", "time", "timestamp", "rater", with: ["dataloaders": "split=time"]),
    .init("dataloaders", "seed", "1", "2"),
    .init("dataloaders", "sampler", "shuffle", "weighted"),
    .init(
      "learner", "model", "dot", "dotbias", "dotbias_raw", "collab", "collab_nn", "nn"),
    .init(
      "learner", "model", "baseline", "dotbias", "popular", "itemknn", "als", "bayes",
      with: ["fit first": "1"]),
    .init("learner", "factors", "4", "5"),
    .init("learner", "y_range", "(0,5.5)", "(0,6)", "(-1,5.5)", "none"),
    .init(
      "learner", "y_range", "(0,5.5)", "(0,6)", "none", with: ["learner first": "nn"]),
    .init(
      "learner", "layers", "[6]", "[7]", "[6,4]", "[4,6]", "[]", with: ["learner first": "nn"]),
    .init("learner", "n_act", "5", "6", with: ["learner first": "collab_nn"]),
    .init("learner", "reg_users", "0", "15", with: baseline),
    .init("learner", "reg_items", "0", "10", with: baseline),
    .init("learner", "reg_items", "0", "10", with: popular),
    .init("learner", "reg_users", "0", "15", with: itemKNN),
    .init("learner", "k", "1", "2", "40", with: itemKNN),
    .init("learner", "keep", "1", "2", "300", with: itemKNN),
    .init("learner", "shrink", "0", "100", with: itemKNN),
    .init("learner", "factors", "2", "4", with: ["learner first": "als", "fit first": "2"]),
    .init("learner", "reg", "0.3", "1.3", with: als),
    .init("learner", "likelihood", "gaussian", "ordinal", with: bayes),
    .init("learner", "neighbours", "0", "3", "20", with: bayes),
    .init("learner", "factors", "2", "4", with: ["learner first": "bayes", "fit first": "6"]),
    .init("learner", "nu", "0", "0.5", "1", with: als),
    .init("learner", "loss", "mse", "l1"),
    .init("collab_learner", "n_factors", "4", "5"),
    .init("collab_learner", "use_nn", "true", "false"),
    .init(
      "collab_learner", "layers", "[6]", "[6,4]", with: ["collab_learner": "use_nn=true"]),
    .init("collab_learner", "y_range", "(0,5.5)", "(0,6)", "none"),
    .init("fit", "epochs", "1", "2"),
    .init("fit", "lr", "5e-3", "6e-3", "1e-3"),
    .init("fit", "wd", "0", "0.1", "0.3", "-0.1"),
    .init("fit", "patience", "1", "9", with: ["fit first": "9 0.5"]),
    .init("fit", "schedule", "onecycle", "flat"),
    .init("fit", "anneal", "2", "5", with: als),
  ]

  /// Those that change how long it takes, or what is ranked and not what is predicted, or are another
  /// name.
  static let indifferent: [OptionCase] = [
    .init("fit", "optimizer", "lazy", "dense"),
    .init("fit", "metrics", "[rmse]", "[mae,ndcg@3]"),
    .init("fit", "watch", "loss", "map"),
    .init("learner", "loss", "mse", "MSELossFlat"),
    .init("learner", "loss", "l1", "L1LossFlat"),
    .init("learner", "relevant", "none", "4", with: popular),
    .init("learner", "samples", "10", "100", with: bayes),
    .init("learner", "reg", "1", "200", with: ease),
    .init("learner", "graded", "true", "false", with: ease),
    .init("learner", "graded", "true", "false", with: ials),
    .init("learner", "unobserved", "0.1", "0.25", with: ials),
    .init("learner", "reg", "0.1", "0.35", with: ials),
    .init("learner", "factors", "2", "4", with: ["learner first": "ials", "fit first": "3"]),
  ]

  /// Those that say whom a command is about, or who does the work: `SparkTests` has the latter.
  static let whom: Set<String> = [
    "collab_learner dls", "learner dls", "fit learn", "learner engine", "learner master",
    "learner spark",
  ]
}

/// Changing any one option changes the result, save where it must not.
struct OptionTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for (name, seed) in [("ratings", 1), ("others", 2)] {
      folder.write("\(name).csv", Self.ratings(seed))
    }
  }

  /// Some 150 invented ratings, in which each column tells more or less apart than its like.
  private static func ratings(_ seed: Int) -> String {
    var lines = ["user,movie,title,rating,stars,rater,timestamp"]
    for user in 1...15 {
      for movie in 1...20 where (user * movie + movie * seed) % 2 == 0 || movie == user {
        let rating = (user * 3 + movie * movie * 2 + seed) % 5 + 1
        lines.append(
          "\(user),\(movie),Film \(movie % 17),\(rating),\((rating + movie) % 5 + 1),\(user % 11),"
            + "\((user * 37 + movie * 101) % 97)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The losses of all batches and epochs.
  private func losses(_ cells: [String]) throws -> [Float] {
    let conversation = Conversation(data: DataSearch(workingFolder: folder.path))
    let reading = ["ratings = read_csv(\"ratings.csv\")", "others = read_csv(\"others.csv\")"]
    for cell in reading + cells { try conversation.session.run(Source(cell)) }
    guard case .object(let learner as Learner)? = conversation.session.variables["learn"] else {
      return []
    }
    return learner.recorder.losses + learner.recorder.epochs.map(\.validLoss)
  }

  @Test(arguments: OptionCase.changing)
  func `changing an option changes the losses`(_ option: OptionCase) throws {
    let results = try option.values.map { try losses(option.cells($0)) }
    for (n, result) in results.enumerated() {
      #expect(!result.isEmpty && result.allSatisfy(\.isFinite), "\(option.cells(option.values[n]))")
      for other in results.indices.prefix(n) {
        #expect(
          result != results[other], "\(option) \(option.values[other]) and \(option.values[n])")
      }
    }
  }

  @Test(arguments: OptionCase.indifferent)
  func `some options change nothing that is printed`(_ option: OptionCase) throws {
    let results = try option.values.map { try losses(option.cells($0)) }
    for result in results { #expect(isClose(result, results[0], within: 1e-6), "\(option)") }
  }

  @Test(arguments: OptionCase.changing)
  func `the same options give the same losses`(_ option: OptionCase) throws {
    let cells = option.cells(option.values[0])
    #expect(try losses(cells) == losses(cells))
  }

  @Test(arguments: ["dataloaders", "learner", "collab_learner", "fit"])
  func `every option has a case`(_ command: String) throws {
    let spec = try #require(
      Session.registry.specs.first { $0.name == command && $0.form == .command })
    let tested = Set(
      (OptionCase.changing + OptionCase.indifferent).map { "\($0.command) \($0.option)" })
    for parameter in spec.parameters {
      let name = "\(command) \(parameter.name)"
      #expect(tested.contains(name) || OptionCase.whom.contains(name), "\(name) is not tested")
    }
  }

  @Test func `a seed changes the losses, and the same one brings them back`() throws {
    let fit = ["dataloaders ratings bs=16", "learner dotbias", "fit 1 5e-3"]
    let results = try ["seed 42", "seed 7", "seed 42"].map { try losses([$0] + fit) }
    #expect(results[0] == results[2])
    #expect(results[0] != results[1])
    #expect(try losses(fit) == results[0])
  }

  @Test func `a learner that is named is the one that is trained`() throws {
    let conversation = Conversation(data: DataSearch(workingFolder: folder.path))
    let cells = [
      "ratings = read_csv(\"ratings.csv\")", "dataloaders ratings bs=16", "learner dot",
      "a = learn",
      "learner dotbias", "b = learn", "fit 1 5e-3 learn=a",
    ]
    for cell in cells { try conversation.session.run(Source(cell)) }
    guard case .object(let a as Learner)? = conversation.session.variables["a"],
      case .object(let b as Learner)? = conversation.session.variables["b"]
    else {
      Issue.record("no learners")
      return
    }
    #expect(a.recorder.epochs.count == 1)
    #expect(b.recorder.epochs.isEmpty)
  }
}
