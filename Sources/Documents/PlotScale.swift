import CollabText
internal import Glibc

/// What an axis shows, and where on it a value lies.
package struct PlotScale: Equatable {
  /// The ends of the axis; for a logarithmic one, their logarithms.
  ///
  /// Both are times `unit`.
  private let low: Double
  private let high: Double
  /// What values are multiplied by, so that their distances have a double: 1 but for the largest numbers.
  private let unit: Double
  private let isLogarithmic: Bool
  /// The least distance of ticks.
  private let leastStep: Double

  /// The scale of an axis along which values lie.
  ///
  /// - Parameters:
  ///   - axis: says which part to show.
  ///   - values: what is drawn.
  ///   - margin: how much room there is around the values, as a share of the axis; none where the
  ///     axis has limits.
  package init(_ axis: Plot.Axis, _ values: some Sequence<Double>, margin: Double) {
    isLogarithmic = axis.isLogarithmic
    leastStep = axis.isWhole ? 1 : 0
    let isLogarithmic = isLogarithmic
    func position(_ value: Double) -> Double { isLogarithmic ? log10(value) : value }
    let known = values.lazy.map(position).filter(\.isFinite)
    var (low, high) = (0.0, 1.0)
    if let limits = axis.limits, position(limits.lowerBound).isFinite,
      position(limits.upperBound).isFinite
    {
      (low, high) = (position(limits.lowerBound), position(limits.upperBound))
    } else if let least = known.min(), let largest = known.max() {
      let room = margin * (largest - least)
      (low, high) = (least - room, largest + room)
    }
    // A power of ten, so that round numbers stay round.
    let unit = (high - low).isFinite ? 1 : 0.01
    if unit < 1 {
      let ends = (least: known.min() ?? low, largest: known.max() ?? high)
      (low, high) =
        axis.limits == nil ? (ends.least * unit, ends.largest * unit) : (low * unit, high * unit)
    }
    self.unit = unit
    if !((high - low).isFinite && high - low > 1e-12 * max(high.magnitude, low.magnitude)) {
      let room = low == 0 ? 1 : low.magnitude / 2
      (low, high) = (low - room, low + room)
    }
    (self.low, self.high) = (low, high)
  }

  /// Where a value lies: 0 at the beginning of the axis, 1 at its end; nil if it is no number.
  package func position(of value: Double) -> Double? {
    let place = ((isLogarithmic ? log10(value) : value) * unit - low) / (high - low)
    return place.isFinite ? place : nil
  }

  /// A place on the axis with the text that stands there.
  package struct Tick: Equatable {
    /// Where it is, from 0 to 1.
    package let position: Double
    /// The value there.
    package let text: String
  }

  /// Round values along the axis, about so many at most.
  package func ticks(atMost count: Int) -> [Tick] {
    isLogarithmic ? decades(atMost: count) : steps(atMost: count)
  }

  private func steps(atMost count: Int) -> [Tick] {
    let rough = max((high - low) / Double(max(count, 1)), leastStep)
    let power = pow(10, floor(log10(rough)))
    // Quarters of a power of ten, unless they would be halves of whole numbers.
    let factors = power == 1 || power == 10 ? [1, 2, 5, 10] : [1, 2, 2.5, 5, 10]
    let factor = factors.first { $0 * power >= rough * 0.999_999 } ?? 10
    let step = factor * power
    let first = (low / step - 1e-9).rounded(.up)
    let last = (high / step + 1e-9).rounded(.down)
    guard last >= first, last - first < 1000 else { return [] }
    let digits = factor == 2.5 ? 1 : 0
    let decimals = max(0, digits - Int(clamping: floor(log10(step) + 1e-9)))
    return stride(from: first, through: last, by: 1).compactMap { number in
      let value = number * step
      let position = (value - low) / (high - low)
      guard position.isFinite, (value / unit).isFinite else { return nil }
      return Tick(position: position, text: PlotNumber.text(value / unit, decimals: decimals))
    }
  }

  private func decades(atMost count: Int) -> [Tick] {
    let first = Int(clamping: (low - 1e-9).rounded(.up))
    let last = Int(clamping: (high + 1e-9).rounded(.down))
    guard last > first else {
      // Less than two powers of ten: round numbers between them.
      let ends = pow(10, low)...pow(10, high)
      let inner = PlotScale(Plot.Axis(limits: ends), [], margin: 0)
      return inner.ticks(atMost: count).compactMap { tick in
        let value = ends.lowerBound + tick.position * (ends.upperBound - ends.lowerBound)
        return position(of: value).map { Tick(position: $0, text: tick.text) }
      }
    }
    let stride = max(
      1, Int(clamping: (Double(last - first + 1) / Double(max(count, 1))).rounded(.up)))
    return Swift.stride(from: first, through: last, by: stride).map { exponent in
      Tick(
        position: (Double(exponent) - low) / (high - low),
        text: PlotNumber.text(power: exponent, isShort: first >= -3 && last <= 4))
    }
  }
}

/// Numbers as pictures show them, without a locale.
package enum PlotNumber {
  /// A number with so many decimals, or with an exponent where that would be long.
  package static func text(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return "\(value)" }
    if value == 0 { return "0" }
    if value.magnitude >= 1e7 || decimals > 5 { return exponential(value) }
    let factor = pow(10, Double(decimals))
    let scaled = Int64(clamping: (value * factor).rounded())
    guard scaled != 0 else { return "0" }
    var digits = String(scaled.magnitude)
    while digits.utf8.count <= decimals { digits = "0" + digits }
    let whole = digits.prefix(digits.utf8.count - decimals)
    let rest = digits.suffix(decimals)
    let sign = scaled < 0 ? "-" : ""
    return sign + separated(String(whole)) + (rest.isEmpty ? "" : ".\(rest)")
  }

  /// A power of ten: `1e-05`, or as a short number `0.01`, `100`.
  package static func text(power exponent: Int, isShort: Bool) -> String {
    guard isShort else { return "1e" + signed(exponent) }
    return exponent < 0
      ? "0." + String(repeating: "0", count: -exponent - 1) + "1"
      : separated("1" + String(repeating: "0", count: exponent))
  }

  /// A number with few digits, whatever its size: `0.52`, `13.4`, `5.8e-03`.
  package static func short(_ value: Double, digits: Int = 3) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
    let exponent = Int(clamping: floor(log10(value.magnitude)))
    guard -4 < exponent, exponent < 7 else { return exponential(value) }
    return text(value, decimals: max(0, digits - 1 - exponent))
  }

  /// `5.8e-03`.
  package static func exponential(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
    var exponent = Int(clamping: floor(log10(value.magnitude)))
    // In two steps, since the smallest powers of ten are 0.
    let high = max(exponent, -300)
    var mantissa =
      (value / pow(10, Double(high)) * pow(10, Double(high - exponent)) * 10).rounded() / 10
    if mantissa.magnitude >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    let digits = text(mantissa, decimals: mantissa == mantissa.rounded() ? 0 : 1)
    return "\(digits)e" + signed(exponent)
  }

  private static func signed(_ exponent: Int) -> String {
    (exponent < 0 ? "-" : "+") + (exponent.magnitude < 10 ? "0" : "") + "\(exponent.magnitude)"
  }

  /// Four digits stand together: `1000`, but `10,000`.
  private static func separated(_ digits: String) -> String {
    digits.utf8.count > 4 ? grouped(digits: digits) : digits
  }
}
