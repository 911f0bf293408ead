/// Places in a text as clients count them, in Unicode code points.
enum CodePoints {
  /// The UTF-8 offset of a place; one behind the end is the end.
  static func offset(of count: Int, in text: String) -> Int {
    text.unicodeScalars.prefix(max(0, count)).reduce(0) { $0 + UTF8.width($1) }
  }

  /// How many code points stand in front of a UTF-8 offset.
  static func count(in text: String, to offset: Int) -> Int {
    String(decoding: text.utf8.prefix(offset), as: UTF8.self).unicodeScalars.count
  }
}
