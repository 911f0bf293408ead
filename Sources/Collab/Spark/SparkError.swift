/// Why Spark does not do what was asked of it.
public enum SparkError: Error, Equatable {
  /// There is no `spark-submit`.
  case notInstalled
  /// There is no program at the place that was named.
  case noProgram(String)
  /// Java is missing.
  case noJava
  /// The job failed: what it said last, and the folder where everything that it said lies.
  case jobFailed(saying: [String], folder: String)
  /// The Python of Spark lacks a module.
  case noModule(String)
  /// Nobody answers where the cluster is said to be.
  case noMaster(String)
  /// Spark knows no cluster of this kind.
  case badMaster(String)
  /// Spark's penalty grows with the number of ratings.
  case otherExponent(Double)
  /// A folder is no hand-off.
  case noHandOff(String)
  /// The job has not come to its end.
  case unfinished(String, missing: String)
  /// What the job has written does not belong to these ratings, or is damaged.
  case misfit(String, reason: String)
  /// The factors of all users do not fit into memory.
  case tooLarge(String)
  /// The folder holds other files.
  case folderInUse(String)
}

extension SparkError: CustomStringConvertible {
  /// The error as one sentence without a full stop.
  public var description: String {
    switch self {
    case .notInstalled: "there is no `spark-submit` on the search path or in $SPARK_HOME/bin"
    case .noProgram(let path): "there is no program `\(path)`"
    case .noJava: "Spark needs Java, which is not here"
    case .jobFailed(let said, _): "the job failed: \(said.last ?? "")"
    case .noModule(let name): "the Python that Spark uses has no module \(name)"
    case .noMaster(let master): "nobody answers at `\(master)`"
    case .badMaster(let master): "`\(master)` is no cluster of Spark"
    case .otherExponent(let exponent):
      "Spark's ALS multiplies reg by the number of ratings, which is nu=1, not \(exponent)"
    case .noHandOff(let path): "`\(path)` is no folder that `handoff` has written: no handoff.json"
    case .unfinished(let path, let missing):
      "the job in `\(path)` has not come to its end: no \(missing)"
    case .misfit(let path, let reason): "`\(path)`: \(reason)"
    case .tooLarge(let path): "the factors in `\(path)` are more than there is memory for"
    case .folderInUse(let path): "`\(path)` holds files that are no hand-off"
    }
  }

  /// The stable word that names this kind of error.
  public var code: String {
    switch self {
    case .notInstalled, .noProgram, .noJava, .noModule, .noMaster: "no-spark"
    case .jobFailed: "failed"
    case .otherExponent, .badMaster: "bad-value"
    case .tooLarge: "too-large"
    case .noHandOff: "no-file"
    case .unfinished, .misfit: "bad-file"
    case .folderInUse: "cannot-write"
    }
  }

  /// Facts to show below the sentence.
  public var notes: [String] {
    guard case .jobFailed(let said, let folder) = self else { return [] }
    return said.dropLast() + ["what it said is in \(folder)/log"]
  }

  /// What to do about it.
  public var help: [String] {
    switch self {
    case .notInstalled, .noProgram:
      ["pip install pyspark numpy      (and Java 17), then name it: spark=PATH/bin/spark-submit"]
    case .noJava: ["install Java 17, or set JAVA_HOME to where it is"]
    case .noModule(let name):
      ["pip install \(name), there, or set PYSPARK_PYTHON to a Python that has it"]
    case .noMaster, .badMaster:
      ["master='local[2]' is this machine; others are spark://HOST:7077, yarn and k8s://HOST"]
    case .tooLarge(let path): ["load_learner '\(path)' users=FILE      (ids of users, one a line)"]
    case .jobFailed, .misfit: []
    case .otherExponent: ["leave nu out"]
    case .noHandOff: ["handoff spark DIR"]
    case .unfinished(let path, _): ["spark-submit \(path)/job.py"]
    case .folderInUse: ["name a folder that is new or empty"]
    }
  }
}
