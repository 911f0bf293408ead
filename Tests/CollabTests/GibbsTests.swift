import Collab
import Glibc
import Testing

/// What Gibbs sampling is made of.
struct GibbsTests {
  @Test func `elementary functions are those of the C library, almost to the last bit`() {
    for n in 1..<2000 {
      let x = Glibc.exp((Double(n) - 1000) / 50)
      #expect(abs(GibbsMath.log(x) - Glibc.log(x)) <= 4e-16 * max(1, abs(Glibc.log(x))))
      let y = (Double(n) - 1000) / 3
      #expect(abs(GibbsMath.exp(y) / Glibc.exp(y) - 1) < 4e-15)
      let z = Double(n) / 10
      #expect(abs(GibbsMath.logGamma(z) - lgamma(z)) < 3e-11 * max(1, abs(lgamma(z))))
    }
    #expect(GibbsMath.exp(-1e9) == GibbsMath.exp(-700))
    #expect(GibbsMath.log(1) == 0)
  }

  @Test func `blocks of words have the known answers of Random123`() {
    #expect(
      GibbsStream.block(SIMD4(), key: SIMD2())
        == SIMD4(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8))
    #expect(
      GibbsStream.block(SIMD4(repeating: .max), key: SIMD2(repeating: .max))
        == SIMD4(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD))
    #expect(
      GibbsStream.block(
        SIMD4(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344),
        key: SIMD2(0xA409_3822, 0x299F_31D0))
        == SIMD4(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1))
  }

  @Test func `numbers depend on what they are drawn for`() {
    let sweep = GibbsStream.Sweep(seed: 5, number: 3)
    var one = sweep.stream(.noise, at: 4)
    let first = one.uniform()
    var others = [
      sweep.stream(.noise, of: .items, at: 4), sweep.stream(.noise, at: 5),
      sweep.stream(.mean, at: 4), GibbsStream.Sweep(seed: 6, number: 3).stream(.noise, at: 4),
      GibbsStream.Sweep(seed: 5, number: 4).stream(.noise, at: 4),
      GibbsStream.Sweep(seed: 5 | 1 << 40, number: 3).stream(.noise, at: 4),
    ]
    for place in others.indices { #expect(others[place].uniform() != first) }
    var again = sweep.stream(.noise, at: 4)
    #expect(again.uniform() == first)
  }

  /// The mean and the variance of many draws.
  private func moments(_ draw: () -> Double) -> (mean: Double, variance: Double) {
    let values = (0..<20_000).map { _ in draw() }
    let mean = values.reduce(0, +) / 20_000
    return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000)
  }

  @Test func `normal and gamma numbers have their mean and variance`() {
    var stream = GibbsStream.Sweep(seed: 1, number: 1).stream(.mean, at: 0)
    let normal = moments { stream.normal() }
    #expect(abs(normal.mean) < 0.03 && abs(normal.variance - 1) < 0.05)
    for (shape, rate) in [(0.3, 2.0), (1, 1), (7.5, 3), (400, 0.5)] {
      let found = moments { stream.gamma(shape: shape, rate: rate) }
      let (mean, variance) = (shape / rate, shape / rate / rate)
      #expect(abs(found.mean - mean) < 4 * (variance / 20_000).squareRoot())
      #expect(abs(found.variance / variance - 1) < 0.15)
    }
  }

  @Test func `ratings have levels, unless there are too many`() {
    let scale = StarScale([3, 1, 5, 3, 4.5] as [Float])
    #expect(scale.levels == [1, 3, 4.5, 5])
    #expect(abs(scale.mean - 3.3) < 1e-6)
    #expect(scale.number(of: 4.5) == 2)
    #expect(scale.number(of: 4.6) == 2)
    #expect(scale.number(of: 9) == 3)
    #expect(scale.number(of: 0) == 0)
    #expect(scale.clipped(7) == 5)
    let many = StarScale((0..<30).map { Float($0) / 7 })
    #expect(many.levels.isEmpty)
    #expect(many.ends == 0...Float(29) / 7)
  }
}
