import CollabDocuments
import CollabInterpreter
import CollabLanguage
import CollabNotebook
import Testing

/// Pictures that change while a model is trained.
struct FitWatchTests {
  /// Keeps what is shown for a while, and what stays.
  private final class Watcher: Output {
    let kept = OutputRecorder()
    private(set) var pictures: [Plot?] = []

    /// What stays, without notes on losses that are still high.
    var blocks: [Block] {
      kept.blocks.filter { if case .failure = $0 { false } else { true } }
    }

    func write(_ block: Block) { kept.write(block) }
    func begin(_ table: LiveTable) { kept.begin(table) }
    func append(row cells: [String]) { kept.append(row: cells) }
    func end() { kept.end() }
    func progress(_ progress: Progress?) {}
    func watch(_ picture: Plot?) { pictures.append(picture) }
  }

  private func watched(_ statements: String...) throws -> Watcher {
    let watcher = Watcher()
    let session = Session(output: watcher)
    for statement in ["load demo; dataloaders bs=4096"] + statements {
      _ = try session.run(Source(statement))
    }
    return watcher
  }

  private func series(_ picture: Plot??) -> [Plot.Series] {
    guard case .series(let series)? = picture??.content else { return [] }
    return series
  }

  @Test func `losses are drawn after each epoch and stay below the table`() throws {
    let watcher = try watched("learner dot factors=2", "fit 3 5e-3 watch=loss")
    #expect(watcher.pictures.map { series($0).first?.y.count } == [1, 2, 3, nil])
    let blocks = watcher.blocks
    guard case .table(let table) = blocks.dropLast().last,
      case .plot(let plot) = blocks.last, case .series(let lines) = plot.content
    else {
      Issue.record("no table and picture")
      return
    }
    #expect(lines.map(\.name) == ["train_loss", "valid_loss"])
    // No epoch is a half one.
    #expect(plot.horizontal.isWhole && plot.horizontal.limits == 0...2)
    #expect(watcher.pictures.first.flatMap { $0 }?.horizontal.limits == 0...1)
    for (column, line) in zip([1, 2], lines) {
      let printed = table.rows.compactMap { Double($0[column]) }
      #expect(zip(printed, line.y).allSatisfy { abs($0 - $1) < 1e-6 } && printed.count == 3)
    }
  }

  @Test func `items move on their map, and three maps stay`() throws {
    let watcher = try watched("learner dot factors=4", "fit 4 5e-3 watch=map")
    #expect(watcher.pictures.compactMap { series($0).first?.labels?.count } == [20, 20, 20, 20])
    guard case .frames(let frames) = watcher.blocks.dropLast().last,
      case .paragraph(let key) = watcher.blocks.last
    else {
      Issue.record("no frames with what their numbers stand for")
      return
    }
    // The numbers are those of the items, in all maps.
    let names = series(frames[0]).first?.labels ?? []
    #expect(frames.allSatisfy { series($0).allSatisfy { $0.isNumbered && $0.labels == names } })
    #expect(
      key.hasPrefix("1 \(names[0]) · 2 \(names[1]) · 3 ") && key.hasSuffix(" · 20 \(names[19])"))
    #expect(watcher.pictures.first.flatMap { $0 }?.caption == key)
    #expect(frames.map(\.title) == ["before", "after epoch 1", "after epoch 3"])
    #expect(frames[0] != frames[2])
    #expect(series(frames[2]).first == series(watcher.pictures.dropLast().last ?? nil).first)
  }

  @Test func `what is watched changes nothing that is learned`() throws {
    func rows(_ options: String) throws -> [[String]] {
      let watcher = try watched("learner dot factors=2", "fit 2 5e-3 \(options)")
      for case .table(let table) in watcher.blocks { return table.rows.map { $0.dropLast() } }
      return []
    }
    let plain = try rows("")
    #expect(try rows("watch=loss") == plain && rows("watch=map") == plain && !plain.isEmpty)
  }

  @Test func `a model without factors has no map`() throws {
    #expect(throws: (any Error).self) { try watched("learner baseline", "fit watch=map") }
  }
}
