import CCollabKernels
import Testing

/// What kernels take without a look is looked at in a debug build.
struct KernelBoundTests {
  @Test func `indices within their bounds are let through`() {
    ck_require_rows([0, 2, 1], 3, 3)
    ck_require_places([2], 1, 3)
    ck_require_places(nil, 0, 0)
  }

  #if DEBUG
  @Test func `a debug build stops at an index beyond its bound`() async {
    await #expect(processExitsWith: .failure) { ck_require_rows([0, 3], 2, 3) }
    await #expect(processExitsWith: .failure) { ck_require_rows([-1], 1, 3) }
    await #expect(processExitsWith: .failure) { ck_require_places([3], 1, 3) }
    await #expect(processExitsWith: .failure) { ck_require_places([.min], 1, 3) }
  }
  #endif
}
