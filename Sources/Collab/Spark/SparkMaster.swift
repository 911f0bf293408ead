internal import Glibc

/// The cluster that Spark is told to run on, as Spark writes it.
struct SparkMaster {
  let text: String

  /// So long somebody may take to answer, in milliseconds: Spark itself waits for minutes.
  private static let patience: Int32 = 5000

  /// Whether it is this machine.
  var isLocal: Bool { text == "local" || text.hasPrefix("local[") || text.hasPrefix("local-") }

  /// Whether Spark knows clusters of this kind.
  var isKnown: Bool {
    isLocal && (text == "local" || text.hasSuffix("]"))
      || text == "yarn" || !addresses.isEmpty
  }

  /// Where somebody has to answer; none where that is not said in the name.
  var addresses: [(host: String, port: String)] {
    let places: Substring
    if text.hasPrefix("spark://") {
      places = text.dropFirst(8)
    } else if text.hasPrefix("k8s://") {
      let address = text.dropFirst(6)
      places = address.split(separator: "/").last { !$0.hasSuffix(":") } ?? ""
    } else {
      return []
    }
    return places.split(separator: ",").compactMap { place in
      guard let colon = place.lastIndex(of: ":") else {
        return text.hasPrefix("k8s://") ? (String(place), "443") : nil
      }
      let port = place[place.index(after: colon)...]
      let host = place[..<colon].filter { !"[]".contains($0) }
      return UInt16(port) == nil || host.isEmpty ? nil : (host, String(port))
    }
  }

  /// Whether one of its addresses takes a connection, or none is known.
  var answers: Bool {
    addresses.isEmpty || addresses.contains { Self.takesConnection($0.host, $0.port) }
  }

  private static func takesConnection(_ host: String, _ port: String) -> Bool {
    var wanted = addrinfo()
    wanted.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, port, &wanted, &found) == 0 else { return false }
    defer { freeaddrinfo(found) }
    var next = found
    while let place = next?.pointee {
      if connects(place) { return true }
      next = place.ai_next
    }
    return false
  }

  private static func connects(_ place: addrinfo) -> Bool {
    let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = socket(place.ai_family, place.ai_socktype | flags, place.ai_protocol)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    if connect(descriptor, place.ai_addr, place.ai_addrlen) == 0 { return true }
    guard errno == EINPROGRESS else { return false }
    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    guard poll(&waiting, 1, patience) == 1 else { return false }
    var failure: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 && failure == 0
  }
}
