// How much is asked for by counts of the user, whose sum or product may be no number.

extension Sequence<Int> {
  /// The sum, or the largest integer where it lies beyond.
  var cappedSum: Int {
    reduce(0) { sum, count in
      let (next, isBeyond) = sum.addingReportingOverflow(count)
      return isBeyond ? .max : next
    }
  }

  /// The product, or the largest integer where it lies beyond.
  var cappedProduct: Int {
    reduce(1) { product, count in
      let (next, isBeyond) = product.multipliedReportingOverflow(by: count)
      return isBeyond ? .max : next
    }
  }
}
