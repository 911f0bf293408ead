import CollabFiles
import CollabLanguage
import FoundationEssentials

/// Pictures that the prose of a notebook names, to be part of its page.
///
/// They lie in the notebook's folder or below it. What is too large, lies elsewhere or is no picture is
/// left to its name: a page must not carry away what its reader did not choose.
final class PagePictures {
  private let folder: String
  /// The bytes that the page may still take.
  private var left = 32 << 20

  /// The most bytes of a picture.
  private static let limit = 4 << 20

  init(besides source: Source) { folder = source.folder ?? "." }

  /// The picture as an address that holds it.
  func embedded(_ address: String) -> String? {
    let path = "\(folder)/\(address)"
    let parts = address.split(separator: "/", omittingEmptySubsequences: false)
    guard !address.contains(":"), parts.first != "", !parts.contains(".."),
      // Only of regular files: a pipe would keep the page waiting.
      let beginning = Files.beginning(of: path, count: 8), let type = Self.type(of: beginning),
      let bytes = try? Files.read(path, limit: min(Self.limit, left))
    else { return nil }
    left -= bytes.count
    return "data:\(type);base64,\(Data(bytes).base64EncodedString())"
  }

  /// What kind of picture it is, by how it begins.
  private static func type(of bytes: [UInt8]) -> String? {
    let kinds: [([UInt8], String)] = [
      ([0x89, 0x50, 0x4E, 0x47], "image/png"), ([0xFF, 0xD8, 0xFF], "image/jpeg"),
      (Array("GIF8".utf8), "image/gif"), (Array("<svg".utf8), "image/svg+xml"),
    ]
    return kinds.first { bytes.starts(with: $0.0) }?.1
  }
}
