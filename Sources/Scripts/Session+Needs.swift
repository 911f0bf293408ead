public import CollabNotebook
import Collab
public import CollabLanguage

// What `needs=` on a cell asks for.
extension Session {
  /// The data set that a cell needs and that is not here; nil if the cell can be run.
  ///
  /// A cell that loads the data itself needs it to be installed; any other would find what was loaded
  /// before.
  public func missingData(of cell: Cell) -> String? {
    guard let name = cell.attribute("needs")?.value else { return nil }
    let isHere = cell.loadsData ? dataSearch.isInstalled(name) : hasData(name)
    return isHere ? nil : name
  }

  /// The name of a data set, with the one that may have been meant if there is none of that name.
  public func dataName(_ name: String) -> String {
    let near = dataSearch.isInstalled(name) ? [] : DataSetNames.near(name)
    guard let nearest = near.first, nearest != name else { return name }
    return "\(name) (did you mean `\(nearest)`?)"
  }

  /// Whether a data set is here, and no other was loaded instead.
  public func hasData(_ name: String) -> Bool {
    guard dataSearch.isInstalled(name) else { return false }
    return loaded.map { dataSearch.isSet(name, loaded: $0.name, from: $0.source) } ?? true
  }
}

extension Cell {
  /// Whether one of its statements finds or loads a data set.
  fileprivate var loadsData: Bool {
    kind == .code
      && code.statements.contains { statement in
        switch statement.kind {
        case .command(let command): command.findsData
        case .assignment(let assignment):
          if case .command(let command) = assignment.value { command.findsData } else { false }
        default: false
        }
      }
  }
}

extension Command {
  fileprivate var findsData: Bool { name.name == "load" || name.name == "dataset" }
}
