import CollabDocuments
import TestSupport
import Testing
import CollabText

/// Pictures in a terminal and as SVG.
struct PictureTests {
  private static let titles = [
    "Lacquered Orchard of Port Averil, The (1980)", "Ambrose and the Hollow Causeway (1970)",
    "Tidal (1985)",
    "Almanac of the Inkstained Ferryman, The (1996)",
  ]
  private static var parabolas: Plot {
    let x: [Double] = (0...100).map { Double($0) / 25 - 2 }
    let series = [1.0, 2, 5, 10, 50].map { (factor: Double) -> Plot.Series in
      Plot.Series("a=\(Int(factor))", x: x, y: x.map { factor * $0 * $0 })
    }
    return Plot(
      title: "Parabolas", series: series, horizontal: .init("x"),
      vertical: .init("value", limits: 0...5))
  }

  private static var rates: Plot {
    let x: [Double] = (0..<50).map { 1e-7 * Double(1 << ($0 / 2)) }
    let y: [Double] = (0..<50).map { Double($0 % 7) }
    return Plot(
      series: [.init("loss", x: x, y: y), .init("valley", x: [1e-3], y: [2], mark: .highlight)],
      horizontal: .init("learning rate", isLogarithmic: true), vertical: .init("loss"))
  }

  private static var map: Plot {
    let x: [Double] = (0..<40).map { Double(($0 * 37) % 41) }
    let y: [Double] = (0..<40).map { Double(($0 * 17) % 43) }
    let labels = (0..<40).map { "\($0) \(titles[$0 % 4])" }
    return Plot(
      series: [.init(x: x, y: y, mark: .points, labels: labels)],
      horizontal: .init("component 0"), vertical: .init("component 2"))
  }

  private static var heat: Plot {
    let values: [[Double?]] = [[5, nil, 3, 1], [nil, 2, 4, 5], [1, 1, nil, .nan]]
    return Plot(.cells(.init(rows: ["465", "6", "1000"], columns: titles, values: values)))
  }

  private static func line(_ x: [Double], _ y: [Double]) -> Plot {
    Plot(series: [.init(x: x, y: y)])
  }

  static let plots: [Plot] = [
    line([0, 1, 2], [3, 1, 2]), parabolas, rates, map, heat,
    Plot(.histogram(.init(of: [1, 2, 2, 3, 3, 3, 5])), vertical: .init("count")),
    Plot(.histogram(.init(start: -3, step: 0.25, counts: (0..<24).map { $0 * (24 - $0) }))),
    line([], []), line([0, .nan, 2], [1e300, 0, -1e300]), line([1, 2, 3], [1e-9, 2e-9, 3e-9]),
    Plot(series: [.init(x: [1], y: [1], mark: .points, labels: ["one"])]),
    intervals, Plot(.intervals(.init([]))), Plot(.intervals(.init([.init("none", rows: [])]))),
    Plot(
      title: "Stars",
      .bars(
        BarChart(
          (1...5).map { .init("\($0)", value: Double($0 * $0), text: "\($0 * $0).0 %") },
          isRanked: false)), caption: "one in two from 2.7 to 4.1, four in five from 2.0 to 4.6"),
  ]

  private static var intervals: Plot {
    let rows: [Plot.Intervals.Row] = [
      .init("dotbias", value: 0.9132, low: 0.8885, high: 0.9367),
      .init(titles[0], value: 0.96, low: 0.9358, high: 0.9843),
      .init("nothing", value: .nan, low: .nan, high: .nan),
      .init("a point", value: 1.04, low: 1.04, high: 1.04),
    ]
    return Plot(
      title: "Models",
      .intervals(
        .init([
          .init("rmse", rows: rows),
          .init(
            "difference", rows: [.init("a - b", value: -3e-4, low: -2e-3, high: 1e-3)], reference: 0
          ),
        ])))
  }

  @Test func `an axis of whole numbers marks no other`() {
    let axis = Plot.Axis("epoch", limits: 0...2, isWhole: true)
    #expect(PlotScale(axis, [], margin: 0).ticks(atMost: 8).map(\.text) == ["0", "1", "2"])
    let long = Plot.Axis("epoch", limits: 0...40, isWhole: true)
    #expect(
      PlotScale(long, [], margin: 0).ticks(atMost: 8).map(\.text)
        == ["0", "5", "10", "15", "20", "25", "30", "35", "40"]
        || PlotScale(long, [], margin: 0).ticks(atMost: 8).map(\.text)
          == ["0", "10", "20", "30", "40"]
    )
  }

  @Test func `numbered points have the numbers of their labels and no key`() {
    let series = Plot.Series(
      x: [0, 1, 2], y: [0, 1, 0], mark: .points, labels: ["one", "two", "three"], isNumbered: true)
    let plot = Plot(series: [series])
    let text = TextCollector.text(.plot(plot), width: 40)
    #expect(text.contains("• 1") || text.contains("•1"))
    #expect(!text.contains("two") && text.contains("2") && text.contains("3"))
    let svg = SVGPlot(plot).document
    #expect(svg.contains(">1</text>") && svg.contains(">3</text>") && !svg.contains(">two</text>"))
  }

  /// Where a text of a drawing is: its left end, its base line and about its width.
  private struct TextBox {
    let left: Double
    let base: Double
    let width: Double

    /// Reads what stands behind `<text class="small halo"`.
    init?(_ element: Substring) {
      func number(_ name: String) -> Double? {
        guard let start = element.firstRange(of: "\(name)=\"") else { return nil }
        return Double(element[start.upperBound...].prefix { $0 != "\"" })
      }
      guard let x = number(" x"), let y = number(" y"), let end = element.firstIndex(of: ">") else {
        return nil
      }
      let text = element[element.index(after: end)...].prefix { $0 != "<" }
      width = 7.2 * Double(text.count)
      base = y
      let tag = element[..<end]
      left = tag.contains("middle") ? x - width / 2 : tag.contains("\"end\"") ? x - width : x
    }

    func covers(_ other: TextBox) -> Bool {
      abs(base - other.base) < 11 && left + width > other.left + 0.5
        && other.left + other.width > left + 0.5
    }
  }

  @Test func `in a crowd on a narrow page no text covers another`() throws {
    // Seven points in the middle of eight that stand apart.
    var (x, y): ([Double], [Double]) = ([], [])
    for number in 0..<8 {
      x.append(Double(number % 3) * 10)
      y.append(Double(number / 3) * 10)
    }
    for number in 0..<7 {
      x.append(12 + 0.3 * Double(number))
      y.append(12 + 0.2 * Double(number * number % 7))
    }
    let names = x.indices.map { "A film with a long name (19\($0 + 10))" }
    let series = Plot.Series(x: x, y: y, mark: .points, labels: names)
    let svg = SVGPlot(Plot(series: [series]), width: 360).document
    let boxes = svg.split(separator: "<text class=\"small halo\"").dropFirst().compactMap {
      TextBox($0)
    }
    #expect(boxes.count >= x.count)
    for (place, one) in boxes.enumerated() {
      for other in boxes[(place + 1)...] { #expect(!one.covers(other), "\(one) \(other)") }
    }
  }

  @Test func `where there is no room for numbers, points stay without`() {
    let series = Plot.Series(
      x: (0..<60).map { Double($0 % 10) }, y: (0..<60).map { Double($0 / 10) }, mark: .points,
      labels: (1...60).map { "A film with a long name, number \($0)" })
    let lines = TextCollector.text(.plot(Plot(series: [series], proportion: 0.2)), width: 40)
    #expect(lines.contains("without room for a name"))
    // No two numbers run into each other.
    let numbers = lines.split(separator: "\n").filter { $0.contains("│") || $0.contains("┤") }
      .flatMap { $0.drop { $0 != "│" && $0 != "┤" }.split { !$0.isNumber } }
    #expect(numbers.allSatisfy { $0.count <= 2 }, "\(lines)")
  }

  @Test(arguments: plots, [20, 40, 80, 120])
  func `nothing is wider than the terminal`(_ plot: Plot, width: Int) {
    for glyphs in [Glyphs.unicode, .ascii] {
      let collector = TextCollector()
      collector.plain(width: width, glyphs: glyphs).write(.plot(plot))
      let lines = collector.text.split(separator: "\n")
      #expect(!lines.isEmpty)
      for line in lines { #expect(DisplayWidth.of(String(line)) <= width, "\(line)") }
    }
  }

  @Test(arguments: plots)
  func `without Unicode the drawing is ASCII`(_ plot: Plot) {
    let collector = TextCollector()
    collector.plain(glyphs: .ascii).write(.plot(plot))
    let braille = collector.text.unicodeScalars.filter { (0x2500...0x28FF).contains($0.value) }
    #expect(braille.isEmpty)
  }

  @Test(arguments: [" id=", " onload=x", "<b id=\"a\">", "' href='#b"])
  func `a title that looks like attributes is a title`(_ title: String) {
    let plot = Plot(
      title: title, series: [.init(title, x: [0, 1], y: [1, 2])],
      horizontal: Plot.Axis(title))
    let markup = Markup(SVGPlot(plot, width: 720).document)
    #expect(markup.problems == [])
    #expect(markup.anchors == [] && markup.addresses == [])
  }

  @Test(arguments: plots)
  func `as SVG it is well formed, and draws with text and shapes alone`(_ plot: Plot) {
    for width in [720.0, 350, 240] {
      let markup = Markup(SVGPlot(plot, width: width).document)
      #expect(markup.problems == [])
      let known = ["svg", "title", "style", "rect", "text", "line", "path", "circle"]
      #expect(Set(markup.elements).isSubset(of: known))
      #expect(markup.addresses == [])
    }
  }

  @Test(arguments: plots, [720.0, 350])
  func `no text of an SVG leaves the picture or covers another`(_ plot: Plot, width: Double) {
    let texts = SVGText.all(in: SVGPlot(plot, width: width).document)
    for text in texts where !text.isTurned {
      #expect(text.left >= -0.5 && text.right <= width + 0.5, "\(text.text)")
    }
    for (number, text) in texts.enumerated() where !text.isTurned {
      for other in texts[..<number] where !other.isTurned {
        #expect(!text.covers(other), "\(text.text) and \(other.text)")
      }
    }
  }

  @Test func `labels are whole, beside their points or in the key`() {
    let plot = Self.map
    guard case .series(let series) = plot.content, let labels = series[0].labels else { return }
    let svg = SVGText.all(in: SVGPlot(plot).document).map(\.text).joined(separator: " ")
    let collector = TextCollector()
    collector.plain(width: 80).write(.plot(plot))
    for label in labels {
      let words = label.split(separator: " ")
      #expect(words.allSatisfy { svg.contains($0) }, "\(label)")
    }
    #expect(!svg.contains("…"))
    #expect(!collector.text.contains("…"))
  }

  @Test func `an interval is drawn from end to end on the scale below it`() {
    let plot = Plot(
      .intervals(
        .init([
          .init(
            "",
            rows: [
              .init("a", value: 5, low: 0, high: 10), .init("b", value: 10, low: 10, high: 10),
            ],
            reference: 0)
        ])))
    let collector = TextCollector()
    collector.plain(width: 40).write(.plot(plot))
    let lines = collector.text.split(separator: "\n").map { Array($0) }
    let (low, point, high) = (
      lines[0].firstIndex(of: "├"), lines[0].firstIndex(of: "●"), lines[0].firstIndex(of: "┤")
    )
    // In the middle between its ends, which stand over their numbers.
    #expect(((low ?? 0) + (high ?? 0)) / 2 - (point ?? 0) <= 1)
    #expect(lines[1].firstIndex(of: "●") == high)
    #expect(lines[1].firstIndex(of: "┊") == low)
    #expect(lines[2].firstIndex(of: "0") == low)
  }

  @Test func `row names of a heat map are whole`() {
    let texts = SVGText.all(in: SVGPlot(Self.heat).document).map(\.text)
    #expect(texts.contains("465") && texts.contains("1000") && texts.contains("6"))
  }

  @Test func `the ticks of a long axis stand apart`() {
    let collector = TextCollector()
    collector.plain(width: 40).write(
      .plot(Plot(series: [.init(x: [0, 3_750_000], y: [0, 1])])))
    let ticks = collector.text.split(separator: "\n").last ?? ""
    #expect(ticks.split(separator: " ").allSatisfy { $0.allSatisfy { $0.isNumber || $0 == "," } })
    #expect(ticks.contains(" 2,000,000"))
  }

  @Test func `a line that is not a number is parted`() {
    let plot = Plot(series: [.init(x: [0, 1, 2, 3, 4], y: [0, 1, .nan, 1, 0])])
    let path = SVGPlot(plot).document.split(separator: "\n").first { $0.contains("class=\"line") }
    #expect(path?.count { $0 == "M" } == 2)
  }

  @Test func `series differ in more than their colours`() {
    let svg = SVGPlot(Self.parabolas).document
    #expect(svg.firstRange(of: "stroke-dasharray") != nil)
    let collector = TextCollector()
    collector.plain().write(.plot(Self.parabolas))
    for letter in ["A a=1", "E a=50"] { #expect(collector.text.contains(letter)) }
  }
}

/// A text of an SVG, with about the room it takes.
private struct SVGText {
  let text: String
  let left: Double
  let right: Double
  let base: Double
  let isTurned: Bool

  /// Half the size of a letter is less than any font takes on average, so that what collides here
  /// does so in every font.
  private static let letter = 5.5

  func covers(_ other: SVGText) -> Bool {
    left < other.right && other.left < right && abs(base - other.base) < 9
  }

  static func all(in document: String) -> [SVGText] {
    var texts: [SVGText] = []
    for line in document.split(separator: "\n") where line.hasPrefix("<text") {
      guard let open = line.firstIndex(of: ">"), let close = line.lastIndex(of: "<") else {
        continue
      }
      let text = line[line.index(after: open)..<close].replacing("&#39;", with: "'")
        .replacing("&amp;", with: "&")
      let tag = line[..<open]
      let width = Double(DisplayWidth.of(text)) * letter
      let x = number("x", in: tag)
      let left =
        tag.contains("\"middle\"") ? x - width / 2 : tag.contains("\"end\"") ? x - width : x
      texts.append(
        SVGText(
          text: String(text), left: left, right: left + width, base: number("y", in: tag),
          isTurned: tag.contains("rotate")))
    }
    return texts
  }

  private static func number(_ name: String, in tag: Substring) -> Double {
    guard let start = tag.firstRange(of: " \(name)=\"")?.upperBound else { return .nan }
    return Double(tag[start...].prefix { $0 != "\"" }) ?? .nan
  }
}
