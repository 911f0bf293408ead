// swift-tools-version: 6.2
import PackageDescription

// A package of its own that uses the library from outside, as yours would; there, the dependency is
// .package(url: "https://…/collab", from: "…").
let package = Package(
  name: "embedding",
  dependencies: [.package(name: "collab", path: "../..")],
  targets: [
    .executableTarget(
      name: "Embedding", dependencies: [.product(name: "Collab", package: "collab")])
  ],
  swiftLanguageModes: [.v6]
)
