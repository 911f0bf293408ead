/// Which version of the package this is.
public enum CollabVersion {
  /// The version, as model files name it.
  public static let current = "0.1.0"
}
