internal import Glibc

/// A new file beside the place it will take, until it is complete.
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
    let (descriptor, path) = try create()
    do {
      try fill(descriptor, write)
      guard rename(path, place) == 0 else { throw FileError.last }
    } catch {
      unlink(path)
      throw error
    }
    keepFolder()
  }

  /// A file of a name that nothing has.
  ///
  /// While it is written, nobody else may read what replaces a
  /// file that they may not read.
  private func create() throws(FileError) -> (descriptor: Int32, path: String) {
    let folder = Self.folder(of: place)
    while true {
      let name = String(UInt64.random(in: .min ... .max), radix: 36)
      let path = "\(folder).collab-\(name)"
      let descriptor = open(
        path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, old == nil ? mode : 0o600)
      if descriptor >= 0 { return (descriptor, path) }
      let error = FileError.last
      guard error.code == EEXIST else { throw error }
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
