import CCollabKernels
import CollabTensors
import CollabThreading

/// Tells how long sweeps will take before there is one: draws some rows of each side and throws them away.
///
/// The chain stays as it is.
struct GibbsTrial {
  /// Ratings behind the rows that are drawn, at least.
  private static let ratingCount = 200_000
  /// What a sweep takes beside the rows: so many times as long, as the benchmark's sweeps have it.
  private static let whole = 1.35
  private static let blockRows = 64

  let chain: GibbsChain
  let ratings: GibbsRatings
  let threads: Threads

  /// About how long a sweep takes.
  func secondsOfSweep() throws -> Double {
    Self.whole * (try seconds(of: .users) + seconds(of: .items))
  }

  /// About how long the rows of a side take: as some blocks do that are spread over all of them.
  private func seconds(of side: RatingSide) throws -> Double {
    let own = ratings.side(side)
    let blocks = (own.rowCount + Self.blockRows - 1) / Self.blockRows
    let step = max(1, ratings.count / Self.ratingCount)
    let chosen = Array(stride(from: 0, to: blocks, by: min(step, max(1, blocks / threads.count))))
    let lanes = chain.lanes
    // What is drawn goes into memory of its own.
    let room = Self.blockRows * lanes
    let scratch = try GibbsMemory<Float>(0, count: chosen.count * room)
    let normals = try GibbsMemory<Float>(0, count: room)
    func range(_ block: Int) -> Range<Int> {
      block * Self.blockRows..<min((block + 1) * Self.blockRows, own.rowCount)
    }
    let count = chosen.reduce(0) { sum, block in
      let rows = range(block)
      return sum + Int(own.starts.base[rows.upperBound] - own.starts.base[rows.lowerBound])
    }
    let time = ContinuousClock().measure {
      threads.forEachInTurn(chosen.count) { piece in
        draw(range(chosen[piece]), of: side, into: scratch.base + piece * room, normals.base)
      }
    }
    return time / .seconds(1) * Double(ratings.count) / Double(max(count, 1))
  }

  private func draw(
    _ rows: Range<Int>, of side: RatingSide, into scratch: UnsafeMutablePointer<Float>,
    _ normals: UnsafePointer<Float>
  ) {
    let (own, place) = (chain.side(side), ratings.side(side))
    let (others, first) = (chain.side(side.other), rows.lowerBound)
    var kernelSide = ck_side(
      D: Int64(chain.lanes), rows: scratch, offsets: own.offsets.elements + first * chain.lanes,
      noise: own.noise.elements + first, mean: own.mean, precision: own.precision,
      starts: place.starts.base + first, others: place.others.base, targets: place.targets.base)
    ck_sample_rows(
      &kernelSide, others.rows.elements, others.noise.elements, chain[.scale], 0, normals, 0,
      Int64(rows.count))
  }
}
