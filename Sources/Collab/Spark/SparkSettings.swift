internal import Glibc

/// What Spark is told of a factorisation.
public struct SparkSettings: Sendable, Equatable {
  /// The cluster: `local[2]`, `spark://…`, `yarn`, `k8s://…`.
  public var master = "local[2]"
  /// The path of `spark-submit`; nil to look for it.
  public var program: String?
  /// What the job finds in its environment.
  public var environment: [String: String]

  /// Two cores of this machine, in some environment.
  public init(environment: [String: String]) { self.environment = environment }

  /// Checks that Spark knows clusters of this kind, be there one or not.
  ///
  /// - Throws: ``SparkError/badMaster(_:)``.
  public func requireKnownMaster() throws(SparkError) {
    guard SparkMaster(text: master).isKnown else { throw .badMaster(master) }
  }

  /// Two cores of this machine, in the environment of this process.
  public static func current() -> SparkSettings {
    let names = [
      "HADOOP_CONF_DIR", "HOME", "JAVA_HOME", "KUBECONFIG", "LANG", "PATH", "PYSPARK_DRIVER_PYTHON",
      "PYSPARK_PYTHON", "PYTHONPATH", "SPARK_CONF_DIR", "SPARK_HOME", "SPARK_LOCAL_IP", "TMPDIR",
      "USER", "VIRTUAL_ENV", "YARN_CONF_DIR",
    ]
    let found = names.compactMap { name in
      getenv(name).map { (name, String(cString: $0)) }
    }
    return SparkSettings(environment: Dictionary(uniqueKeysWithValues: found))
  }
}
