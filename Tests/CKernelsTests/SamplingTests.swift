import CCollabKernels
import Testing

struct SamplingTests {
  @Test func `rows are drawn from their posterior where it is known`() {
    // Biases alone: the other side has no factors, so that a bias has the mean
    // Σ w (target − other) / (Σ w + precision) and the precision Σ w + precision.
    let lanes = 8
    var row = [Float](repeating: 0, count: lanes)
    let offsets = row
    let (mean, precision) = (
      [Float](repeating: 0.5, count: lanes), [Float](repeating: 2, count: lanes)
    )
    var others = [Float](repeating: 0, count: 3 * lanes)
    (others[0], others[lanes], others[2 * lanes]) = (0.1, -0.2, 0.4)
    let (noise, othersNoise) = ([Float(1.5)], [Float(1), 0.5, 2])
    let (starts, places): ([Int64], [Int32]) = ([0, 3], [0, 1, 2])
    let targets: [Float] = [1, 0.3, 0.9]
    let weights = othersNoise.map { 1.2 * 1.5 * Double($0) }
    let seen = [0.9, 0.5, 0.5]
    let total = weights.reduce(2, +)
    let expected = (2 * 0.5 + zip(weights, seen).reduce(0) { $0 + $1.0 * $1.1 }) / total
    for relaxation: Float in [0, -0.8] {
      var number: UInt32 = 0
      let draws = (0..<20_000).map { _ -> Double in
        number += 1
        var normals = [Float](repeating: 0, count: 16)
        ck_philox_uniforms(&normals, 4, ck_philox(key: (3, 0), counter: (0, number, 0, 0)))
        ck_box_muller(&normals, 1, 0, 1)
        row.withUnsafeMutableBufferPointer { row in
          offsets.withUnsafeBufferPointer { offsets in
            noise.withUnsafeBufferPointer { noise in
              mean.withUnsafeBufferPointer { mean in
                precision.withUnsafeBufferPointer { precision in
                  starts.withUnsafeBufferPointer { starts in
                    places.withUnsafeBufferPointer { places in
                      targets.withUnsafeBufferPointer { targets in
                        var side = ck_side(
                          D: Int64(lanes), rows: row.baseAddress, offsets: offsets.baseAddress,
                          noise: noise.baseAddress, mean: mean.baseAddress,
                          precision: precision.baseAddress, starts: starts.baseAddress,
                          others: places.baseAddress, targets: targets.baseAddress)
                        ck_sample_rows(&side, others, othersNoise, 1.2, relaxation, normals, 0, 1)
                      }
                    }
                  }
                }
              }
            }
          }
        }
        return Double(row[0])
      }
      let found = draws.reduce(0, +) / 20_000
      let variance = draws.reduce(0) { $0 + ($1 - found) * ($1 - found) } / 20_000
      #expect(abs(found - expected) < 0.015)
      #expect(abs(variance * total - 1) < 0.06)
    }
  }
}
