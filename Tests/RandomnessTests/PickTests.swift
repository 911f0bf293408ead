import CollabRandomness
import Testing

/// What numpy 2.4 (`RandomState`) and CPython 3.12 draw from a seed.
struct PickTests {
  @Test func `numpy's normal numbers come in pairs`() {
    var numpy = NumpyGenerator(seed: 42)
    #expect(
      (0..<5).map { _ in numpy.normal() } == [
        0.4967141530112327, -0.13826430117118466, 0.6476885381006925, 1.5230298564080254,
        -0.23415337472333597,
      ])
  }

  @Test func `numpy's whole numbers lie in their range`() {
    var numpy = NumpyGenerator(seed: 42)
    #expect((0..<8).map { _ in numpy.integer(in: 0...9) } == [6, 3, 7, 4, 6, 9, 2, 6])
    #expect((0..<3).map { _ in numpy.integer(in: -5...4) } == [2, -1, -2])
    #expect(
      (0..<2).map { _ in numpy.integer(in: 0...999_999_999_999) }
        == [445_422_780_055, 558_434_158_229])
  }

  @Test func `Python's whole numbers and samples are Python's`() {
    var python = PythonGenerator(seed: 1)
    #expect((0..<6).map { _ in python.integer(in: 1...6) } == [2, 5, 1, 3, 1, 4])
    #expect(python.sample(3, of: 10) == [7, 9, 6])
    #expect(python.sample(7, of: 1000) == [807, 214, 96, 499, 29, 914, 855])
    #expect(python.integer(in: 0...2) == 1)
  }
}
