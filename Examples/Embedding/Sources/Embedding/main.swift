// A recommender inside another program: rate, train with a loss and an optimiser of one's own,
// recommend.
//
//     swift run --package-path Examples/Embedding

import Collab
import CollabLearning
import CollabRandomness
import CollabTables
import CollabTensors

/// What a shop would have: who rated which tea with how many stars.
let teas = [
  "Assam", "Ceylon", "Darjeeling", "Earl Grey", "Genmaicha", "Lapsang", "Oolong", "Sencha",
]
var (people, items, stars): ([String], [String], [Double]) = ([], [], [])
for person in 0..<40 {
  for (tea, name) in teas.enumerated() where (person * 5 + tea * 3) % 7 < 5 {
    // Every second person likes what every second other does not.
    let taste = (person + tea) % 2 == 0 ? 4.5 : 2.0
    people.append("person \(person)")
    items.append(name)
    stars.append(min(5, max(1, taste + Double((person * 3 + tea) % 3) / 2 - 0.5)))
  }
}
let ratings = try Table([
  Column("person", texts: people), Column("tea", texts: items), Column("stars", doubles: stars),
])

// The mean of squares for small errors, of distances for large ones: a few odd ratings count less.
let huber = Loss(named: "Huber") { predictions, targets in
  let errors = try predictions.reshaped(to: [targets.count]) - targets.reshaped(to: [targets.count])
  let distances = try errors.absolute()
  let far = try (distances - 1).relu()
  let near = try distances - far
  return try (near * near * 0.5 + far).mean()
}

var options = DataLoaders.Options()
options.batchSize = 16
let streams = RandomStreams(seed: 42)
let loaders = try DataLoaders(ratings, options: options, using: streams)
let model = try DotProductBias(
  users: loaders.users.count, items: loaders.items.count, factors: 4, using: &streams.torch)
let learner = Learner(loaders, model, loss: huber) { SignMomentum($0) }

let before = try learner.validate()
try learner.fit(epochs: 30, .oneCycle(maximum: 0.05), weightDecay: 0.01)
let after = try learner.validate()
print("\(huber.name) loss of the held-out ratings: \(before) before, \(after) after")
guard after < before else { fatalError("it has not learned") }

guard let person = loaders.users.index(of: "person 8") else { fatalError("nobody of that name") }
print("For person 8:")
for suggestion in try Recommender(learner).recommendations(for: [person], count: 2)[0] {
  print("  \(loaders.items[suggestion.item]), \(suggestion.rating) stars")
}

// Lists for everybody, nothing that is sold out, and no two teas of a kind if it can be helped: rows of
// a file, written a user at a time.
var choice = RecommendationOptions()
choice.excluded = Set([loaders.items.index(of: "Sencha")].compactMap { $0 })
choice.diversity = 0.3
var encoder = TableEncoder(.delimited(by: ","))
var csv: [UInt8] = []
let everybody = Array(1..<loaders.users.count)
try Recommender(learner, choice).forEachUser(of: everybody, count: 2) { user, list in
  csv += encoder.bytes(
    of: Table(equallyLong: [
      Column("person", texts: list.map { _ in loaders.users[user] }),
      Column("tea", texts: list.map { loaders.items[$0.item] }),
      Column("stars", doubles: list.map { Double($0.rating) }),
    ]))
}
let lines = String(decoding: csv, as: UTF8.self).split(separator: "\n")
guard !lines.contains(where: { $0.contains("Sencha") }) else { fatalError("it is sold out") }
print("\(lines.count - 1) rows for everybody, the first of them \(lines[1])")

// Who is new gets the answer of means and biases, and it can be told from the model's own.
let strangers = try learner.predictions(of: [(user: 0, item: 1), (user: person, item: 1)])
print("\(loaders.items[1]): \(strangers.ratings), of strangers \(strangers.unknownUsers)")
