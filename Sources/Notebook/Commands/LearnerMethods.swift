import CollabBuiltins
import CollabInterpreter
import Collab
import CollabLanguage
import CollabLearning

/// Methods of a learner, under fastai's names.
enum LearnerMethods {
  static let all = [fitOneCycle, fit, validate]

  private static let epochs = Parameter(
    "n_epoch", .integer(1...1_000_000), example: "5", help: "how many passes over the training data"
  )
  private static let decay = Parameter(
    "wd", .number(), .optional, example: "0.1", isOptionOnly: true,
    help: "weight decay, at first 0.01")

  static let fitOneCycle = Builtin(
    CommandSpec(
      "fit_one_cycle", form: .method(of: "Learner"), group: .training,
      summary: "train the learner by one cycle", details: "The same as the command `fit`.",
      parameters: [
        epochs,
        Parameter(
          "lr_max", .number(.notNegative), default: "1e-3", example: "5e-3",
          help: "the highest learning rate"),
        decay, TrainingCommands.optimizer,
      ],
      examples: ["learn.fit_one_cycle(1, 5e-3, wd=0.1)"], seeAlso: ["fit"])
  ) { call in
    let rate = try call.arguments.double("lr_max")
    return try call.fit(
      call.learner(), epochs: call.arguments.int("n_epoch"), .oneCycle(maximum: rate),
      rate: "lr_max")
  }

  static let fit = Builtin(
    CommandSpec(
      "fit", form: .method(of: "Learner"), group: .training,
      summary: "train the learner at a constant rate",
      details: "As fastai's method of this name; the command `fit` trains by one cycle.",
      parameters: [
        epochs,
        Parameter(
          "lr", .number(.notNegative), default: "1e-3", example: "5e-3", help: "the learning rate"),
        decay, TrainingCommands.optimizer,
      ],
      examples: ["learn.fit(1, 5e-3)"], seeAlso: ["fit"])
  ) { call in
    let rate = try call.arguments.double("lr")
    return try call.fit(
      call.learner(), epochs: call.arguments.int("n_epoch"), .flat(rate), rate: "lr")
  }

  static let validate = Builtin(
    CommandSpec(
      "validate", form: .method(of: "Learner"), group: .training,
      summary: "give the mean loss of the validation ratings", examples: ["learn.validate()"],
      seeAlso: ["validate"], result: "Double")
  ) { call in try call.validate(call.learner()) }
}

extension Call {
  /// The learner before the dot.
  func learner() throws -> Learner {
    try learnerOption()
  }
}
