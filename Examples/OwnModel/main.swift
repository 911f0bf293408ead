// A model of your own: what you write is trained by the same loop as what is built in.
//
//     swift run -c release OwnModel

import Collab
import CollabLearning
import CollabRandomness
import CollabTensors

/// Stars without taste: how high a user rates, plus how good a film is.
final class BiasesOnly: Module {
  let userBias: Embedding
  let itemBias: Embedding
  let typeName = "BiasesOnly"

  init(users: Int, items: Int, using streams: RandomStreams) throws {
    userBias = try Embedding(users, 1, using: &streams.torch)
    itemBias = try Embedding(items, 1, using: &streams.torch)
  }

  // What the optimiser finds, under the names that are printed.
  var members: [Member] { [.module("user_bias", userBias), .module("item_bias", itemBias)] }

  // A batch has a row for each rating: the index of the user and that of the item.
  func forward(_ batch: Tensor) throws -> Tensor {
    let user = try userBias.forward(batch.selecting(0, along: 1))
    let item = try itemBias.forward(batch.selecting(1, along: 1))
    return try (user + item).sigmoidRange(0, 5.5)
  }
}

let streams = RandomStreams(seed: 42)
let loaders = try DataLoaders(DataSearch.current().load("demo").ratings, using: streams)
let model = try BiasesOnly(
  users: loaders.users.count, items: loaders.items.count, using: streams)
print(model.description)

let learner = Learner(loaders, model)
print("before: \(try learner.validate())")
try learner.fit(epochs: 3, .oneCycle(maximum: 5e-3), weightDecay: 0.1)
print("after:  \(try learner.validate())")
