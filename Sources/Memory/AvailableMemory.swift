import Glibc

/// How much memory is to be had.
package enum AvailableMemory {
  /// Bytes that the process may still take.
  package static var byteCount: Int {
    var free = SystemFile("/proc/meminfo").number(after: "MemAvailable:").map { $0 << 10 } ?? .max
    if let group = ControlGroup.own { free = min(free, group.available) }
    let pages = SystemFile("/proc/self/statm").numbers
    let page = sysconf(Int32(_SC_PAGESIZE))
    for (limit, place) in [(RLIMIT_AS, 0), (RLIMIT_DATA, 5)] where pages.count > place {
      var range = rlimit()
      guard getrlimit(__rlimit_resource_t(limit.rawValue), &range) == 0,
        range.rlim_cur < UInt64(Int.max)
      else { continue }
      free = min(free, Int(range.rlim_cur) - pages[place] * page)
    }
    return free
  }
}

/// The control groups of the process that limit its memory.
private struct ControlGroup {
  private let folders: [String]
  private let isUnified: Bool

  /// Those of this process; nil if none limits memory.
  static let own = ControlGroup()

  private init?() {
    let lines = SystemFile("/proc/self/cgroup").text.split(separator: "\n")
    func path(_ isWanted: (Substring) -> Bool) -> String? {
      lines.lazy.map { $0.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false) }
        .first { $0.count == 3 && isWanted($0[1]) }.map { String($0[2]) }
    }
    let first = path { $0.split(separator: ",").contains("memory") }
    isUnified = first == nil
    guard let own = first ?? path({ $0.isEmpty }) else { return nil }
    // Every group above limits it too; within a container the last one may be all that is seen.
    let root = isUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory"
    var folders = [root]
    for part in own.split(separator: "/") {
      folders.append(folders[folders.count - 1] + "/\(part)")
    }
    self.folders = folders
    guard available < .max else { return nil }
  }

  /// What the tightest of them leaves; files that the system keeps in memory can be given up.
  var available: Int {
    let (limit, used, files) =
      isUnified
      ? ("memory.max", "memory.current", ["inactive_file", "active_file"])
      : (
        "memory.limit_in_bytes", "memory.usage_in_bytes",
        ["total_inactive_file", "total_active_file"]
      )
    var free = Int.max
    for folder in folders {
      guard let limit = SystemFile("\(folder)/\(limit)").numbers.first, limit < 1 << 60,
        let used = SystemFile("\(folder)/\(used)").numbers.first
      else { continue }
      let statistics = SystemFile("\(folder)/memory.stat")
      let kept = files.compactMap(statistics.number(after:)).reduce(0, +)
      free = min(free, limit - used + kept)
    }
    return free
  }
}

/// A small file in which the system says how things are; empty if it is not there.
private struct SystemFile {
  let text: String

  init(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      text = ""
      return
    }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 13)
    let count = read(descriptor, &bytes, bytes.count)
    text = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
  }

  /// The whole numbers in it, up to the first word that is none.
  var numbers: [Int] {
    var numbers: [Int] = []
    for word in text.split(whereSeparator: \.isWhitespace) {
      guard let number = Int(word) else { break }
      numbers.append(number)
    }
    return numbers
  }

  /// The number behind a word.
  func number(after word: String) -> Int? {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard let place = words.firstIndex(of: word[...]), place + 1 < words.count else { return nil }
    return Int(words[place + 1])
  }
}
