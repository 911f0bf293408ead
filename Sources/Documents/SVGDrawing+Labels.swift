/// Texts beside the points of a picture.
extension SVGDrawing {
  /// A text, the place of its point, and the number that stands for the text if it is told elsewhere.
  typealias Label = (x: Double, y: Double, text: String, number: Int?)

  private static let labelSize = 12.0
  private static let lineHeight = 14.0
  /// The widest line beside a point, in columns of text.
  private var widest: Int { isNarrow ? 18 : 34 }

  /// Writes texts beside their points where there is room, whole and on two lines if need be.
  ///
  /// The others are numbered, and named below. Where names leave numbers without room, points that
  /// stand close together have numbers from the beginning.
  mutating func write(_ labels: [Label], _ frame: Frame) {
    // Of very many points some have no room whatever is tried.
    let distances = labels.count > 300 ? [0] : [0, 12, 18, 24, 32, 48, .infinity]
    var best: (drawing: SVGDrawing, lacking: Int)?
    for distance in distances {
      var attempt = self
      let lacking = attempt.write(labels, frame, namingThoseApart: distance)
      if lacking < best?.lacking ?? .max { best = (attempt, lacking) }
      if lacking == 0 { break }
    }
    if let best { self = best.drawing }
  }

  /// Writes names of points that are so far from all others, and numbers of the rest; returns how many
  /// had no room.
  private mutating func write(
    _ labels: [Label], _ frame: Frame, namingThoseApart distance: Double
  ) -> Int {
    func isApart(_ label: Label) -> Bool {
      labels.count { abs($0.x - label.x) < distance && abs($0.y - label.y) < distance } <= 1
    }
    var lacking = 0
    var placer = LabelPlacer(
      area: .init(
        x: frame.left, y: frame.top - 4, width: width - frame.left - 2, height: frame.height + 2),
      avoiding: labels.map { .init(x: $0.x - 5, y: $0.y - 5, width: 10, height: 10) })
    var unnamed: [Label] = []
    for label in labels where !label.text.isEmpty {
      let hasName = label.number == nil && isApart(label)
      let forms = hasName ? LabelForms.of(label.text, widest: widest) : []
      let isWritten =
        write(forms, label.x, label.y, .close, &placer)
        || write(forms, label.x, label.y, .far, &placer)
      if !isWritten { unnamed.append(label) }
    }
    for (index, label) in unnamed.enumerated() {
      let text = "\(label.number ?? index + 1)"
      let number = [[text]]
      let isWritten =
        write(number, label.x, label.y, .close, &placer)
        || write(number, label.x, label.y, .far, &placer)
        || write(number, label.x, label.y, .farther, &placer)
      // Where there is no room at all, above its point all the same.
      if !isWritten {
        lacking += 1
        add(
          SVG.text(
            text, x: label.x, y: label.y - 7, anchor: .middle, class: "small halo"))
      }
    }
    writeKey(unnamed.filter { $0.number == nil }.map(\.text))
    return lacking
  }

  /// Writes the first form that finds a place; false if none does.
  private mutating func write(
    _ forms: [[String]], _ x: Double, _ y: Double, _ distance: Distance,
    _ placer: inout LabelPlacer
  ) -> Bool {
    for lines in forms {
      let size = Self.labelSize
      // A little more than the text, so that two beside each other are not read as one.
      let textWidth = lines.reduce(0) { max($0, SVG.width(of: $1, size: size)) } + 3
      let textHeight = Double(lines.count) * Self.lineHeight
      let places = Self.places(around: x, y, textWidth, textHeight, distance)
      guard let choice = placer.place(places.map(\.box), leads: places.map(\.lead)) else {
        continue
      }
      let place = places[choice]
      if let lead = place.lead {
        add(SVG.line(lead.start.x, lead.start.y, lead.end.x, lead.end.y, class: "lead"))
      }
      for (number, line) in lines.enumerated() {
        let base = place.box.y + Double(number) * Self.lineHeight + size - 1.5
        add(SVG.text(line, x: place.textX, y: base, anchor: place.anchor, class: "small halo"))
      }
      return true
    }
    return false
  }

  /// Names numbers below the picture, in as many columns as have room for most of the names.
  private mutating func writeKey(_ texts: [String]) {
    guard !texts.isEmpty else { return }
    let size = Self.labelSize
    let entries = texts.enumerated().map { "\($0 + 1)  \($1)" }
    let widths = entries.map { SVG.width(of: $0, size: size) }.sorted()
    let columns = max(1, min(4, Int(clamping: (width - 20) / (widths[widths.count * 9 / 10] + 14))))
    let columnWidth = (width - 20) / Double(columns)
    let widest = SVG.columns(in: columnWidth - 8, size: size)
    let forms = entries.map { entry in
      LabelForms.of(entry, widest: widest).first ?? [SVG.cut(entry, to: columnWidth, size: size)]
    }
    let perColumn = (forms.reduce(0) { $0 + $1.count } + columns - 1) / columns
    var (column, row, rows) = (0, 0, 0)
    for lines in forms {
      if row >= perColumn, column + 1 < columns { (column, row) = (column + 1, 0) }
      for (number, line) in lines.enumerated() {
        let x = 10 + Double(column) * columnWidth + (number > 0 ? 22 : 0)
        add(SVG.text(line, x: x, y: height + 18 + Double(row) * 17, class: "small"))
        row += 1
      }
      rows = max(rows, row)
    }
    height += 14 + Double(rows) * 17
  }
}

// MARK: - Places

extension SVGDrawing {
  /// How far a text may stand from its point.
  private enum Distance {
    case close, far, farther

    /// How many pixels off a text with a line to its point may be.
    var steps: [Double] {
      switch self {
      case .close: []
      case .far: [16, 28, 40]
      case .farther: [52, 64, 80]
      }
    }
  }

  /// A place for a text beside a point.
  private struct Place {
    let box: LabelPlacer.Box
    let anchor: SVG.Anchor
    /// The line to a point that is farther off.
    var lead: LabelPlacer.Lead?

    /// Where the text is anchored.
    var textX: Double {
      switch anchor {
      case .start: box.x
      case .middle: box.x + box.width / 2
      case .end: box.x + box.width
      }
    }
  }

  /// Places for a text beside a point: eight close ones, or some farther off with a line.
  private static func places(
    around x: Double, _ y: Double, _ width: Double, _ height: Double, _ distance: Distance
  ) -> [Place] {
    func place(_ anchor: SVG.Anchor, _ dx: Double, _ dy: Double) -> Place {
      let left =
        switch anchor {
        case .start: x + dx
        case .middle: x + dx - width / 2
        case .end: x + dx - width
        }
      let box = LabelPlacer.Box(
        x: left, y: y + dy - height / 2, width: width, height: height)
      guard distance != .close else { return Place(box: box, anchor: anchor) }
      let end: (Double, Double) =
        switch anchor {
        case .start: (x + dx - 2, y + dy)
        case .end: (x + dx + 2, y + dy)
        case .middle: (x, y + dy + (dy < 0 ? height / 2 : -height / 2))
        }
      // Begins outside the point's own box.
      let length = max(((end.0 - x) * (end.0 - x) + (end.1 - y) * (end.1 - y)).squareRoot(), 8)
      let start = (x + (end.0 - x) * 8 / length, y + (end.1 - y) * 8 / length)
      return Place(box: box, anchor: anchor, lead: .init(start: start, end: end))
    }
    let rise = height / 2 + 6
    guard distance != .close else {
      return [
        place(.start, 7, 0), place(.end, -7, 0), place(.middle, 0, -rise),
        place(.middle, 0, rise), place(.start, 4, -rise), place(.start, 4, rise),
        place(.end, -4, -rise), place(.end, -4, rise),
      ]
    }
    var places: [Place] = []
    for far in distance.steps {
      places += [place(.start, far, -far), place(.start, far, far)]
      places += [place(.end, -far, -far), place(.end, -far, far)]
      places += [place(.middle, 0, -far - rise), place(.middle, 0, far + rise)]
      places += [place(.start, far, 0), place(.end, -far, 0)]
      places += [place(.start, far, -far / 2), place(.start, far, far / 2)]
      places += [place(.end, -far, -far / 2), place(.end, -far, far / 2)]
    }
    return places
  }
}
