import Testing
import CollabText

struct NumbersTests {
  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (-100_000, "-100,000"), (1_234_567, "1,234,567"),
    (Int.min, "-9,223,372,036,854,775,808"),
  ])
  func `thousands are separated`(_ count: Int, _ text: String) {
    #expect(grouped(count) == text)
  }

  @Test func `digits are grouped from the right by any mark`() {
    #expect(grouped(digits: "ffffff", by: "_", every: 4) == "ff_ffff")
    #expect(grouped(digits: "") == "")
  }

  @Test func `one thing is not many`() {
    #expect(counted(1, "cell") == "1 cell")
    #expect(counted(0, "cell") == "0 cells")
    #expect(counted(2000, "class", "classes") == "2,000 classes")
  }

  @Test(arguments: [
    (2.5, 0, "2"), (3.5, 0, "4"), (0.125, 2, "0.12"), (-0.0, 1, "-0.0"), (.nan, 2, "nan"),
    (-.infinity, 2, "-inf"), (1e22, 0, "10000000000000000000000"),
  ])
  func `a number has so many decimals, as Python has them`(
    _ value: Double, _ decimals: Int, _ text: String
  ) {
    #expect(fixed(value, decimals) == text)
  }

  @Test func `a number has room for as many decimals as are asked for`() {
    #expect(fixed(0.5, 1000).utf8.count == 1002)
    #expect(exponential(123_456, 4) == "1.2346e+05")
  }
}
