// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// What each folder of Sources says about itself.
let guide = ["README.md"]

/// The folder of a module: its name without the prefix, which keeps names apart in the graphs of other
/// packages.
func folder(of module: String) -> String {
  switch module {
  case "Collab": module
  case "CollabLanguage": "CommandLanguage"
  case "CCollabKernels": "CKernels"
  default: String(module.dropFirst("Collab".count))
  }
}

/// A Swift target of this package: the settings are the same everywhere.
func module(_ name: String, _ dependencies: Target.Dependency...) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Sources/" + folder(of: name), exclude: guide,
    swiftSettings: swiftSettings)
}

/// The tests of one module, with what else they use and the golden files they read by path.
func tests(
  of name: String, using more: Target.Dependency..., golden: [String] = []
) -> Target {
  .testTarget(
    name: "\(folder(of: name))Tests", dependencies: [.target(name: name), "TestSupport"] + more,
    exclude: golden, swiftSettings: swiftSettings)
}

let package = Package(
  name: "collab",
  products: [
    // With the modules that programs import beside it.
    .library(
      name: "Collab",
      targets: [
        "Collab", "CollabLearning", "CollabTensors", "CollabTables", "CollabRandomness",
        "CollabThreading",
      ]),
    .executable(name: "collab", targets: ["CollabTool"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    // MARK: C
    .target(
      name: "CCollabKernels", path: "Sources/CKernels", exclude: guide,
      linkerSettings: [.linkedLibrary("m")]),
    .target(
      name: "CCollabLineEdit", path: "Sources/CLineEdit", exclude: guide,
      linkerSettings: [.linkedLibrary("edit")]),

    // The commit is part of the program where the build is told, as script/run and script/package do.
    .target(
      name: "CCollabBuild", path: "Sources/CBuild", exclude: guide,
      cSettings: Context.environment["COLLAB_COMMIT"].map { commit in
        [.define("COLLAB_COMMIT", to: "\"\(commit.filter { $0.isLetter || $0.isNumber })\"")]
      } ?? []),
    .target(name: "CCollabFiles", path: "Sources/CFiles", exclude: guide),

    // MARK: Text
    module("CollabText"),
    module("CollabPythonText", "CollabText"),

    // MARK: Numbers
    module("CollabRandomness", "CCollabKernels"),
    module("CollabThreading"),
    module("CollabMemory"),
    module("CollabOrdering", "CollabThreading", "CollabMemory"),
    module(
      "CollabTensors", "CCollabKernels", "CollabRandomness", "CollabThreading", "CollabMemory",
      "CollabOrdering", "CollabText"),
    module(
      "CollabLearning", "CollabTensors", "CollabRandomness", "CollabThreading", "CCollabKernels"),
    module("CollabTables", "CollabThreading", "CollabMemory", "CollabOrdering"),
    module("CollabFiles", "CCollabFiles", "CollabThreading"),
    module(
      "Collab", "CollabTables", "CollabLearning", "CollabTensors", "CollabRandomness",
      "CollabThreading", "CollabMemory", "CollabFiles", "CCollabKernels"),

    // MARK: Words
    module("CollabDocuments", "CollabText"),
    module("CollabLanguage", "CollabText", "CollabThreading"),
    module(
      "CollabInterpreter", "CollabLanguage", "CollabDocuments", "CollabLearning", "CollabTables",
      "CollabTensors", "CollabRandomness",
      "CollabPythonText", "CollabText"),
    module(
      "CollabBuiltins", "CollabInterpreter", "CollabLanguage", "CollabDocuments", "CollabLearning",
      "CollabTables", "CollabTensors", "CollabThreading",
      "CollabRandomness", "CollabPythonText", "CollabText"),
    module(
      "CollabNotebook", "CollabBuiltins", "CollabInterpreter", "Collab", "CollabTables",
      "CollabLearning", "CollabTensors", "CollabThreading",
      "CollabRandomness", "CollabLanguage", "CollabDocuments", "CollabPythonText", "CollabText",
      "CollabFiles"),
    .target(
      name: "CollabBundledNotebooks", path: "Notebooks",
      resources: [.embedInCode("08_collab.collab"), .embedInCode("08_questionnaire.collab")],
      swiftSettings: swiftSettings),
    .target(
      name: "CollabDocumentation", path: "Documentation",
      exclude: [
        "language.md", "performance.md", "python.md", "step-time.svg", "time-to-loss.svg",
      ],
      resources: [
        "tutorial", "cookbook", "scripts", "writing-lessons", "faq", "differences", "model-files",
        "prompt", "protocol", "quality", "reliability", "spark",
      ].map { .embedInCode("\($0).md") },
      swiftSettings: swiftSettings),
    module(
      "CollabScripts", "CollabNotebook", "CollabInterpreter", "Collab", "CollabLanguage",
      "CollabDocuments", "CollabText",
      "CollabFiles"),
    module(
      "CollabLessons", "CollabScripts", "CollabNotebook", "CollabInterpreter", "CollabLanguage",
      "CollabDocuments",
      "CollabBundledNotebooks", "CollabFiles", "CollabText"),
    module("CollabLineEditing", "CCollabLineEdit", "CollabText", "CollabFiles"),

    .target(
      name: "CollabProtocol",
      dependencies: [
        "CollabScripts", "CollabNotebook", "CollabInterpreter", "Collab", "CollabLanguage",
        "CollabDocuments", "CollabLineEditing", "CollabFiles", "CollabText",
      ],
      path: "Sources/Protocol", exclude: guide,
      resources: [.embedInCode("collab_kernel.py")], swiftSettings: swiftSettings),

    // MARK: Programs
    .executableTarget(
      name: "CollabTool",
      dependencies: [
        "CCollabBuild", "CollabDocumentation", "CollabProtocol", "CollabLessons", "CollabScripts",
        "CollabNotebook",
        "CollabInterpreter",
        "Collab",
        "CollabThreading", "CollabLanguage",
        "CollabDocuments",
        "CollabLineEditing", "CollabText", "CollabFiles", "CollabMemory",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: guide, swiftSettings: swiftSettings),
    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        "CollabScripts", "CollabNotebook", "CollabInterpreter", "Collab", "CollabTables",
        "CollabLearning", "CollabTensors",
        "CollabRandomness", "CollabThreading",
        "CollabLanguage", "CollabDocuments", "CCollabKernels", "TestSupport", "AllocationCount",
      ],
      path: "Tests/Benchmarks", exclude: ["Peers"], swiftSettings: swiftSettings),
    .target(name: "AllocationCount", path: "Tests/AllocationCount"),
    .executableTarget(
      name: "LineEditingProbe", dependencies: ["CollabLineEditing"], path: "Tests/LineEditingProbe",
      swiftSettings: swiftSettings),

    // What the processor is said to be must not reach other programs: no tests depend on the probe.
    .target(
      name: "ChosenProcessor", dependencies: ["CCollabKernels"], path: "Tests/ChosenProcessor"),
    .executableTarget(
      name: "KernelProbe", dependencies: ["ChosenProcessor", "KernelCases"],
      path: "Tests/KernelProbe", swiftSettings: swiftSettings),

    // MARK: Examples
    .executableTarget(
      name: "RateAndRecommend",
      dependencies: ["Collab", "CollabLearning", "CollabTables", "CollabRandomness"],
      path: "Examples/RateAndRecommend", swiftSettings: swiftSettings),
    .executableTarget(
      name: "OwnModel",
      dependencies: ["Collab", "CollabLearning", "CollabTensors", "CollabRandomness"],
      path: "Examples/OwnModel", swiftSettings: swiftSettings),

    // MARK: Tests
    .target(
      name: "TestSupport", dependencies: ["CollabFiles"], path: "Tests/TestSupport",
      swiftSettings: swiftSettings),
    // What nobody would write, and what may come of it: also without a test, by script/fuzz.
    .target(
      name: "FuzzCases",
      dependencies: [
        "CollabLessons", "CollabScripts", "CollabNotebook", "CollabInterpreter", "Collab",
        "CollabLanguage", "CollabDocuments", "CollabFiles", "CollabText", "TestSupport",
      ],
      path: "Tests/FuzzCases", swiftSettings: swiftSettings),
    .executableTarget(
      name: "Fuzzer", dependencies: ["FuzzCases", "CollabThreading", "TestSupport"],
      path: "Tests/Fuzzer", swiftSettings: swiftSettings),
    .target(
      name: "KernelCases",
      dependencies: [
        "CCollabKernels", "CollabLearning", "CollabTensors", "CollabRandomness", "TestSupport",
      ],
      path: "Tests/KernelCases", swiftSettings: swiftSettings),
    tests(of: "CCollabKernels", using: "KernelCases"),
    tests(of: "CollabText"),
    tests(of: "CollabPythonText"),
    tests(of: "CollabRandomness"),
    tests(of: "CollabTensors", using: "CollabRandomness", "CollabThreading"),
    tests(of: "CollabLearning", using: "CollabTensors", "CollabRandomness"),
    tests(of: "CollabTables", using: "CollabThreading"),
    tests(
      of: "Collab", using: "CollabTables", "CollabLearning", "CollabTensors", "CollabRandomness",
      "CollabThreading", "CollabFiles"),
    tests(of: "CollabFiles", using: "CollabThreading"),
    tests(of: "CollabDocuments", using: "CollabText"),
    tests(of: "CollabLanguage", using: "CollabThreading"),
    tests(
      of: "CollabNotebook", using: "CollabBuiltins", "CollabInterpreter", "CollabScripts", "Collab",
      "CollabLanguage",
      "CollabDocuments", "CollabFiles",
      golden: ["Transcripts"]),
    tests(
      of: "CollabScripts", using: "CollabNotebook", "CollabInterpreter", "Collab", "CollabLanguage",
      "CollabDocuments"),
    tests(
      of: "CollabLessons", using: "CollabScripts", "CollabNotebook", "CollabInterpreter", "Collab",
      "CollabLanguage",
      "CollabDocuments", "CollabText",
      golden: ["Transcripts"]),
    .testTarget(
      name: "FuzzTests", dependencies: ["FuzzCases", "CollabFiles", "TestSupport"],
      swiftSettings: swiftSettings),
    tests(of: "CollabLineEditing", using: "LineEditingProbe"),
    tests(
      of: "CollabProtocol", using: "Collab", "CollabNotebook", "CollabDocuments", "CollabFiles",
      "CollabLineEditing"),
    .testTarget(
      name: "PromptTests", dependencies: ["CollabTool", "TestSupport"], swiftSettings: swiftSettings
    ),
  ],
  swiftLanguageModes: [.v6]
)
