import FoundationEssentials
import KernelCases
import TestSupport
import Testing

struct KernelTwinTests {
  @Test(arguments: KernelCase.all)
  func `kernels give what plain Swift gives`(_ kernel: KernelCase) {
    #expect(kernel.run().differences == [])
  }

  @Test func `every kernel has a twin`() throws {
    let path = Fixture.path("../../Sources/CKernels/include/CKernels.h")
    let header = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    // Declarations begin at the margin, comments and members of structures do not.
    let declared = header.split(separator: "\n").compactMap { line -> String? in
      guard !line.hasPrefix("//"), !line.hasPrefix(" "), let end = line.firstIndex(of: "("),
        let name = line[..<end].split(separator: " ").last, name.hasPrefix("ck_")
      else { return nil }
      return String(name)
    }
    #expect(declared.count > 30)
    #expect(Set(declared) == Set(KernelCase.all.flatMap(\.kernels)))
  }
}
