internal import CCollabFiles
internal import Glibc
internal import Synchronization

/// A new file beside the place it will take, until it is complete.
///
/// It has no name before that where the system has such files, so that nothing is left of it if the
/// program is killed. A name that a program was killed behind is removed by the next one that writes
/// into the folder: whoever has a draft holds a lock on it.
struct FileDraft {
  private let place: String
  private let old: stat?
  private let mode: mode_t

  /// A draft for a place where `old` is now; without it, the new file has a mode.
  init(of place: String, _ old: stat?, mode: mode_t) {
    (self.place, self.old, self.mode) = (place, old, mode)
  }

  /// The folder of a path with the slash behind it; empty for the working folder.
  static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  /// Lets somebody write the bytes, and gives the draft its place.
  ///
  /// - Throws: why not, or what `write` throws; the draft is gone then.
  func commit(_ write: (_ descriptor: Int32) throws -> Void) throws {
    Self.removeLeftDrafts(in: Self.folder(of: place))
    var (descriptor, path) = try create()
    // Keeps the lock when the other is closed.
    let kept = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    defer { if kept >= 0 { close(kept) } }
    do {
      try fill(descriptor, write)
      let name = try path ?? named(kept)
      path = name
      guard rename(name, place) == 0 else { throw FileError.last }
    } catch {
      if let path { unlink(path) }
      throw error
    }
    keepFolder()
  }

  /// A file that is locked, and its name if it has one.
  ///
  /// While it is written, nobody else may read what replaces a file that they may not read.
  private func create() throws(FileError) -> (descriptor: Int32, path: String?) {
    let folder = Self.folder(of: place)
    let mode = old == nil ? mode : 0o600
    let unnamed = cf_open_unnamed(folder.isEmpty ? "." : folder, mode)
    if unnamed >= 0 {
      flock(unnamed, LOCK_EX)
      return (unnamed, nil)
    }
    while true {
      let path = newPath
      let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
      guard descriptor >= 0 else {
        let error = FileError.last
        guard error.code == EEXIST else { throw error }
        continue
      }
      // Before it was locked somebody may have taken it for a draft that was left.
      if flock(descriptor, LOCK_EX) != 0 || Files.exists(path) { return (descriptor, path) }
      close(descriptor)
    }
  }

  /// Gives a file without a name one that nothing has.
  private func named(_ descriptor: Int32) throws(FileError) -> String {
    while true {
      let path = newPath
      if cf_link(descriptor, path) == 0 { return path }
      let error = FileError.last
      guard error.code == EEXIST else { throw error }
    }
  }

  private var newPath: String {
    let number = String(UInt64.random(in: .min ... .max), radix: 36)
    let zeros = String(repeating: "0", count: Self.digitCount - number.count)
    return Self.folder(of: place) + Self.prefix + zeros + number
  }

  private static let prefix = ".collab-draft-"
  private static let digitCount = 13

  /// The folders in which this process has looked for drafts that were left.
  private static let searched = Mutex<Set<String>>([])

  /// Removes the drafts of programs that were killed.
  private static func removeLeftDrafts(in folder: String) {
    guard searched.withLock({ $0.insert(folder).inserted }) else { return }
    for name in Files.names(in: folder.isEmpty ? "." : folder)
    where name.hasPrefix(prefix) && name.utf8.count == prefix.utf8.count + digitCount {
      let descriptor = open(folder + name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(folder + name) }
    }
  }

  private func fill(
    _ descriptor: Int32, _ write: (Int32) throws -> Void
  ) throws {
    do {
      try write(descriptor)
      if let old { try takeOver(old, descriptor) }
      guard fsync(descriptor) == 0 || errno == EINVAL else { throw FileError.last }
    } catch {
      close(descriptor)
      throw error
    }
    // Some file systems say only here that there is no room.
    guard close(descriptor) == 0 || errno == EINTR else { throw FileError.last }
  }

  /// Gives the draft the owner and the mode of the file it replaces.
  ///
  /// Only the superuser can give a file away: others keep the group if they may. The mode comes last,
  /// since a new owner takes some of it away.
  private func takeOver(_ old: stat, _ descriptor: Int32) throws(FileError) {
    var own = stat()
    guard fstat(descriptor, &own) == 0 else { throw .last }
    if own.st_uid != old.st_uid || own.st_gid != old.st_gid,
      fchown(descriptor, old.st_uid, old.st_gid) != 0
    {
      _ = fchown(descriptor, uid_t.max, old.st_gid)
    }
    guard fchmod(descriptor, old.st_mode & 0o7777) == 0 else { throw .last }
  }

  /// Lets the new name last even if the machine stops now; where folders cannot be, it may not.
  private func keepFolder() {
    let folder = Self.folder(of: place)
    let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }
}
