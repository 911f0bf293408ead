import Glibc

/// An object of which each thread has its own, or none: looking it up costs less than a task's own
/// value.
///
/// It holds no reference: whoever sets it keeps the object alive until it is taken back.
package struct ThreadLocal<Object: AnyObject>: Sendable {
  private let key: pthread_key_t

  /// None, on every thread.
  package init() {
    var key = pthread_key_t()
    let failure = pthread_key_create(&key, nil)
    precondition(failure == 0, "no thread-specific data: error \(failure)")
    self.key = key
  }

  /// The object of the calling thread, which is kept alive by whoever set it.
  package var value: Unmanaged<Object>? {
    get { pthread_getspecific(key).map { Unmanaged.fromOpaque($0) } }
    nonmutating set { pthread_setspecific(key, newValue?.toOpaque()) }
  }
}
