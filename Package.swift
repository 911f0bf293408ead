// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// What each folder of Sources says about itself.
let guide = ["README.md"]

/// A Swift target of this package: the settings are the same everywhere.
func module(_ name: String, _ dependencies: Target.Dependency...) -> Target {
  .target(
    name: name, dependencies: dependencies, exclude: guide, swiftSettings: swiftSettings)
}

/// The tests of one module, with what else they use and the golden files they read by path.
func tests(
  of name: String, using more: Target.Dependency..., golden: [String] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.target(name: name), "TestSupport"] + more,
    exclude: golden, swiftSettings: swiftSettings)
}

let package = Package(
  name: "collab",
  products: [
    // With the modules that programs import beside it.
    .library(name: "Collab", targets: ["Collab", "Learning", "Tensors", "Tables", "Randomness"]),
    .executable(name: "collab", targets: ["CollabTool"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    // MARK: C
    .target(name: "CKernels", exclude: guide, linkerSettings: [.linkedLibrary("m")]),
    .target(name: "CLineEdit", exclude: guide, linkerSettings: [.linkedLibrary("edit")]),

    // MARK: Text
    module("Text"),
    module("PythonText", "Text"),

    // MARK: Numbers
    module("Randomness", "CKernels"),
    module("Threading"),
    module("Tensors", "CKernels", "Randomness", "Threading", "Text"),
    module("Learning", "Tensors", "Randomness", "Threading", "CKernels"),
    module("Tables", "Threading"),
    module("Collab", "Tables", "Learning", "Tensors", "Randomness", "Threading", "CKernels"),

    // MARK: Words
    module("Files"),
    module("Documents", "Text"),
    module("CommandLanguage", "Text"),
    module(
      "Interpreter", "CommandLanguage", "Documents", "Learning", "Tables", "Tensors", "Randomness",
      "PythonText", "Text"),
    module(
      "Builtins", "Interpreter", "CommandLanguage", "Documents", "Learning", "Tables", "Tensors",
      "Randomness", "PythonText", "Text"),
    module(
      "Notebook", "Builtins", "Interpreter", "Collab", "Tables", "Learning", "Tensors",
      "Randomness", "CommandLanguage", "Documents", "PythonText", "Text", "Files"),
    .target(
      name: "BundledNotebooks", path: "Notebooks",
      resources: [.embedInCode("08_collab.collab"), .embedInCode("08_questionnaire.collab")],
      swiftSettings: swiftSettings),
    module(
      "Scripts", "Notebook", "Interpreter", "Collab", "CommandLanguage", "Documents", "Text",
      "Files"),
    module(
      "Lessons", "Scripts", "Notebook", "Interpreter", "CommandLanguage", "Documents",
      "BundledNotebooks", "Files", "Text"),
    module("LineEditing", "CLineEdit", "Text", "Files"),

    // MARK: Programs
    .executableTarget(
      name: "CollabTool",
      dependencies: [
        "Lessons", "Scripts", "Notebook", "Interpreter", "Collab", "Threading", "CommandLanguage",
        "Documents",
        "LineEditing", "Text", "Files",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: guide, swiftSettings: swiftSettings),
    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        "Scripts", "Notebook", "Interpreter", "Collab", "Tables", "Learning", "Tensors",
        "Randomness", "Threading",
        "CommandLanguage", "Documents", "CKernels", "TestSupport", "AllocationCount",
      ],
      path: "Tests/Benchmarks", exclude: ["Peers"], swiftSettings: swiftSettings),
    .target(name: "AllocationCount", path: "Tests/AllocationCount"),
    .executableTarget(
      name: "LineEditingProbe", dependencies: ["LineEditing"], path: "Tests/LineEditingProbe",
      swiftSettings: swiftSettings),

    // What the processor is said to be must not reach other programs: no tests depend on the probe.
    .target(name: "ChosenProcessor", dependencies: ["CKernels"], path: "Tests/ChosenProcessor"),
    .executableTarget(
      name: "KernelProbe", dependencies: ["ChosenProcessor", "KernelCases"],
      path: "Tests/KernelProbe", swiftSettings: swiftSettings),

    // MARK: Examples
    .executableTarget(
      name: "RateAndRecommend", dependencies: ["Collab", "Learning", "Tables", "Randomness"],
      path: "Examples/RateAndRecommend", swiftSettings: swiftSettings),
    .executableTarget(
      name: "OwnModel", dependencies: ["Collab", "Learning", "Tensors", "Randomness"],
      path: "Examples/OwnModel", swiftSettings: swiftSettings),

    // MARK: Tests
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: swiftSettings),
    .target(
      name: "KernelCases",
      dependencies: ["CKernels", "Learning", "Tensors", "Randomness", "TestSupport"],
      path: "Tests/KernelCases", swiftSettings: swiftSettings),
    tests(of: "CKernels", using: "KernelCases"),
    tests(of: "Text"),
    tests(of: "PythonText"),
    tests(of: "Randomness"),
    tests(of: "Tensors", using: "Randomness", "Threading"),
    tests(of: "Learning", using: "Tensors", "Randomness"),
    tests(of: "Tables", using: "Threading"),
    tests(of: "Collab", using: "Tables", "Learning", "Tensors", "Randomness", "Threading"),
    tests(of: "Files"),
    tests(of: "Documents", using: "Text"),
    tests(of: "CommandLanguage"),
    tests(
      of: "Notebook", using: "Builtins", "Interpreter", "Scripts", "Collab", "CommandLanguage",
      "Documents",
      golden: ["Transcripts"]),
    tests(
      of: "Scripts", using: "Notebook", "Interpreter", "Collab", "CommandLanguage", "Documents"),
    tests(
      of: "Lessons", using: "Scripts", "Notebook", "Interpreter", "Collab", "CommandLanguage",
      "Documents", "Text",
      golden: ["Transcripts"]),
    tests(of: "LineEditing", using: "LineEditingProbe"),
    .testTarget(
      name: "PromptTests", dependencies: ["CollabTool", "TestSupport"], swiftSettings: swiftSettings
    ),
  ],
  swiftLanguageModes: [.v6]
)
