// Rate a few films as somebody new, train, and see what is suggested.
//
//     swift run -c release RateAndRecommend

import Collab
import CollabLearning
import CollabRandomness
import CollabTables
import FoundationEssentials

// The invented ratings that come with the library. `load()` takes the best there are.
let data = try DataSearch.current().load("demo")

// A table of ratings has a column of users, one of items and one of stars. Add yours at its end.
let mine = [
  ("Crooked Carousel (1999)", 5.0), ("Northbound Thimble (1981)", 5), ("Tidal Orchard (1985)", 1),
  ("Moonlit Ferryman (1999)", 4), ("Saltwater Accordion (1963)", 2),
]
let users = try data.ratings.column("user").integers().map(String.init)
let ratings = try Table([
  Column("user", texts: users + mine.map { _ in "me" }),
  Column("title", texts: try data.ratings.column("title").texts() + mine.map(\.0)),
  Column("rating", doubles: try data.ratings.column("rating").doubles() + mine.map(\.1)),
])

// One object holds all random numbers: the same seed gives the same split, model and losses.
let streams = RandomStreams(seed: 42)
let loaders = try DataLoaders(ratings, using: streams)
let model = try DotProductBias(
  users: loaders.users.count, items: loaders.items.count, factors: 50, using: &streams.torch)
let learner = Learner(loaders, model)
try learner.fit(epochs: 3, .oneCycle(maximum: 5e-3), weightDecay: 0.1)
for epoch in learner.recorder.epochs {
  print("epoch \(epoch.number): train \(epoch.trainLoss), valid \(epoch.validLoss)")
}

// Nobody of that name if all five ratings were held out to test with.
if let me = loaders.users.index(of: "me") {
  print("\nFor you:")
  for suggestion in try Recommender(learner).recommendations(for: [me], count: 5)[0] {
    print("  \(loaders.items[suggestion.item]), \(suggestion.rating) stars")
  }
}

// Keep the model in a file, and serve from it somebody whom it was not trained with.
let path = FileManager.default.temporaryDirectory.appending(path: "films.safetensors").path
try learner.save(to: path)
let kept = try Learner(contentsOf: path)
let liked = mine.compactMap { title, stars in
  kept.loaders.items.index(of: title).map { ItemRating(item: $0, stars: Float(stars)) }
}
let visitor = try kept.foldIn(liked)
print("\nFor a visitor who says the same:")
for suggestion in try Recommender(kept).recommendations(for: visitor, count: 3) {
  print("  \(kept.loaders.items[suggestion.item]), \(suggestion.rating) stars")
}
