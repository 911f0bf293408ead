import CollabNotebook
import FoundationEssentials
import TestSupport
import Testing

/// What the page of differences says is held to what happens: each row has statements here, and what they
/// print.
struct DifferenceTests {
  /// What a row says, as statements: each prints its lines, or fails with a message that has a text.
  private enum Says {
    case shows(String, [String])
    case fails(String, String)
  }

  /// A small table, for the rows about tables.
  private static let setup = """
    df = pd.DataFrame({'user': [7, 2, 7], 'rating': [4, 5, 4], 'title': ['b', 'a', 'b']})
    items = pd.DataFrame({'title': ['a', 'b'], 'year': [1, 2]})
    """

  /// The beginning of the first cell of each row, and what holds.
  private static let rows: [(typed: String, says: [Says])] =
    numbers + values + looks + tables + statements

  private static let numbers: [(typed: String, says: [Says])] = [
    ("`10 ** 20`", [.fails("10 ** 20", "too large")]),
    (
      "`tensor([1e-3]).double()",
      [.fails("tensor([1e-3]).double().requires_grad_()", "float32")]
    ),
    (
      "`torch.tensor([1, 2]).half()`",
      [
        .fails("torch.tensor([1, 2]).half()", ".float()"), .fails("torch.float16", "float32"),
      ]
    ),
    ("`complex(1, 2)`", [.fails("complex(1, 2)", "complex"), .fails("2j", "2j")]),
    (
      "`torch.tensor([1., math.e]).log()`",
      [.shows("torch.tensor([1., math.e]).log()", ["tensor([0.0000, 1.0000])"])]
    ),
    (
      "`torch.det(x)`",
      [
        .fails("torch.det(ones(2, 2).requires_grad_())", "detach"),
        .fails("torch.inverse(torch.eye(2).requires_grad_())", "detach"),
        .fails(
          "torch.zeros(2).requires_grad_().scatter_add(0, torch.tensor([0]), torch.ones(1))",
          "detach"),
        .shows("torch.det(torch.eye(2).requires_grad_().detach())", ["tensor(1.)"]),
      ]
    ),
    ("`torch.autograd.grad(y, x)`", [.fails("torch.autograd.grad(1, 2)", "backward")]),
  ]

  private static let values: [(typed: String, says: [Says])] = [
    ("`b = a` of a list", [.shows("a = [1]\nb = a\nb.append(2)\na", ["[1]"])]),
    (
      "`range(3)`",
      [
        .shows("range(3)", ["[0, 1, 2]"]), .shows("zip([1], ['a'])", ["[(1, 'a')]"]),
        .shows("(x for x in [1])", ["[1]"]), .shows("itertools.chain([1], [2])", ["[1, 2]"]),
      ]
    ),
    (
      "`{'b', 'a'}`",
      [
        .shows("{'b', 'a'}", ["{'a', 'b'}"]),
        .shows("set('hello')", ["{'e', 'h', 'l', 'o'}"]),
      ]
    ),
    (
      "`t = s` of a set",
      [
        .shows("s = {1}\nt = s\ns |= {2}\nt", ["{1}"]),
        .shows("s = {1}\nt = s\ns.update({2})\nt", ["{1, 2}"]),
      ]
    ),
    (
      "`tensor.topk` of equal",
      [.shows("tensor([1, 3, 3]).topk(1).indices", ["tensor([1])"])]
    ),
    (
      "`b = a[:2]` of a tensor",
      [.shows("a = zeros(3)\nb = a[:2]\nb[0] = 9\na", ["tensor([0., 0., 0.])"])]
    ),
    ("`(np.mean([1, 2]), 1)`", [.shows("(np.mean([1, 2]), 1)", ["(1.5, 1)"])]),
    ("`hash('a')`", [.shows("hash('a') == hash('a')", ["True"])]),
    ("`id(x)`", [.fails("id(3)", "a is a")]),
    ("`'abc'.encode()`", [.fails("'abc'.encode()", "encode")]),
    (
      "`class A:`",
      [
        .shows("class A:\n  def __init__(self, x): self.x = x\nA(3).x", ["3"]),
        .fails("class A:\n  def __init__(self, x): self.x = x\nlen(A(3))", ""),
      ]
    ),
    (
      "`nn.Conv2d(1, 2, 3)`",
      [
        .fails("nn.Conv2d(1, 2, 3)", "Conv2d"),
        .fails("nn.Embedding(5, 2, padding_idx=0)", "padding_idx"),
      ]
    ),
    (
      "`dls.classes['title']`",
      [.shows("load demo; dataloaders item=title;\ndls.classes['title'][:1]", ["['#na#']"])]
    ),
  ]

  private static let looks: [(typed: String, says: [Says])] = [
    (
      "`df`",
      [
        .shows(
          "df",
          [
            "   user  rating  title", "0     7       4  b", "1     2       5  a",
            "2     7       4  b", "3 rows × 3 columns",
          ])
      ]
    ),
    ("`plt.plot(…)`", []),
    ("`plt.subplots(2, 2)`", [.fails("plt.subplots(2, 2)", "rows")]),
    (
      "`df[df.rating > 9]`",
      [.shows("df[df.rating > 9]", ["user  rating  title", "0 rows × 3 columns"])]
    ),
    (
      "`df.head`",
      [.shows("df.head", ["<method head>"]), .shows("[print]", ["[<function print>]"])]
    ),
  ]

  private static let tables: [(typed: String, says: [Says])] = [
    (
      "`df.merge(items)`",
      [
        .shows("df.merge(items).title.tolist()", ["['b', 'b', 'a']"]),
        .shows("df.merge(items, order='left').title.tolist()", ["['b', 'a', 'b']"]),
        .shows("df.merge(items, how='left').title.tolist()", ["['b', 'a', 'b']"]),
      ]
    ),
    (
      "`df.sort_values('rating')`",
      [.shows("df.sort_values('rating').index.tolist()", ["[0, 2, 1]"])]
    ),
    (
      "`df.title.values`",
      [
        .shows("df.title.values", ["['b', 'a', 'b']"]), .shows("df.title.unique()", ["['b', 'a']"]),
        .shows("np.array(['a'])", ["['a']"]),
        .shows("np.where(df.rating > 4, 'x', 'y')", ["['y', 'x', 'y']"]),
      ]
    ),
    (
      "`df.set_index('title')`",
      [
        .shows(
          "df.groupby('title')[['rating']].mean()",
          ["title  rating", "a         5.0", "b         4.0", "2 rows × 1 columns"])
      ]
    ),
    ("`df.T`", [.shows("df.T.loc['user'].tolist()", ["['7', '2', '7']"])]),
    (
      "`t.columns` of a pivot",
      [
        .shows(
          "p = df.pivot_table('rating', 'title', 'user')\nlist(p.columns)", ["['2', '7']"]),
        .shows("p = df.pivot_table('rating', 'title', 'user')\np[7].tolist()", ["[nan, 4.0]"]),
      ]
    ),
    (
      "`g.agg({'rating': ['mean', 'count']})`",
      [
        .shows(
          "list(df.groupby('title').agg({'rating': ['mean', 'count']}).columns)",
          ["['rating_mean', 'rating_count']"]),
        .shows(
          "list(df.pivot_table('rating', 'title', aggfunc=['mean', 'count']).columns)",
          ["['rating_mean', 'rating_count']"]),
      ]
    ),
    (
      "`df.groupby('user').groups`",
      [.shows("df.groupby('user').groups[7]", ["Index([0, 2], dtype='int64')"])]
    ),
    (
      "`df.mean()`",
      [.shows("df.mean()", ["user    5.333333", "rating  4.333333", "dtype: float64"])]
    ),
    ("`df.info()`", [.shows("'memory usage' in str(df.info())", [])]),
    (
      "`df.title.str.split(' ')`",
      [
        .shows("df.title.str.split(' ').str[0].tolist()", ["['b', 'a', 'b']"]),
        .shows("df.groupby('user').rating.apply(list).explode().tolist()", ["[5, 4, 4]"]),
        .fails("df.title.str.split(' ').sort_values()", "sort_values"),
      ]
    ),
    (
      "`df.title.str.split(' ', expand=True)`",
      [
        .shows("pd.Series(['a b', 'c']).str.split(' ', expand=True)[1].tolist()", ["['b', nan]"])
      ]
    ),
    (
      "`df.rating.astype('float32')`",
      [
        .shows("df.rating.astype('float32').dtype", ["dtype('float64')"]),
        .shows("df.rating.astype('int8').dtype", ["dtype('int64')"]),
      ]
    ),
    ("`df.dtypes['rating']`", [.shows("df.dtypes['rating']", ["'int64'"])]),
    (
      "`df.rename(index={0: 'a'})`",
      [.shows("df.rename(index={0: 'a'}).index.tolist()", ["['a', '1', '2']"])]
    ),
    (
      "`df.title.astype('category')`",
      [
        .shows("df.title.astype('category').tolist()", ["['b', 'a', 'b']"]),
        .fails("df.title.cat", "factorize"), .fails("pd.Categorical(['a'])", "factorize"),
      ]
    ),
    (
      "`df.to_csv()`",
      [
        .shows("items.to_csv()", ["'title,year\\na,1\\nb,2\\n'"]),
        .shows("items.head(1).to_json()", ["'[{\"title\":\"a\",\"year\":1}]\\n'"]),
      ]
    ),
    ("`df.to_string()`", [.fails("df.to_string()", "print")]),
    (
      "`b = df`",
      [.shows("b = df\nb['x'] = 1\nlist(df.columns)", ["['user', 'rating', 'title']"])]
    ),
    (
      "`df.rating.fillna(0, inplace=True)`",
      [
        .fails("df.rating.fillna(0, inplace=True)", "df['rating'] = df.rating.fillna(0)"),
        .shows("df.drop(0, inplace=True)\nlen(df)", ["2"]),
      ]
    ),
    (
      "`pd.cut(df.rating, [0, 2, 5])`",
      [.shows("pd.cut(df.rating, [0, 4, 5]).tolist()", ["['(0, 4]', '(4, 5]', '(0, 4]']"])]
    ),
    (
      "`df.rating.value_counts(bins=2)`",
      [
        .fails("df.rating.value_counts(bins=2)", "bins"),
        .shows("pd.cut(df.rating, 2).value_counts().tolist()", ["[2, 1]"]),
      ]
    ),
    (
      "`pd.to_datetime(df.timestamp, unit='s')`",
      [.fails("pd.to_datetime(df.rating, unit='s')", "1970")]
    ),
    (
      "`df.rating.plot`",
      [.fails("df.rating.plot", "plot"), .fails("df.rating.hist", "hist")]
    ),
    (
      "a column beside one",
      [
        .shows(
          "(df.rating == df.rating[::-1]).tolist()", ["[True, True, True]"]),
        .fails("df.rating == df.rating.head(2)", "labels"),
      ]
    ),
  ]

  private static let statements: [(typed: String, says: [Says])] = [
    (
      "a formula in the middle",
      [
        .shows("1\n2", ["1", "2"]), .shows("1;\n2", ["2"]),
        .shows("l = [1, 2]\nl.pop()\nl", ["[1]"]), .shows("l = [1, 2]\nl.pop()", ["2"]),
        .shows("x = zeros(1)\nx.add_(1)\nx", ["tensor([1.])"]),
      ]
    ),
    (
      "`try:`",
      [
        .fails("try:\n  1\nexcept:\n  2", "try"), .fails("global x", "global"),
        .fails("def f(): yield 1", "yield"), .fails("(n := 5)", ":="),
        .fails("@f\ndef g(): return 1", "@"),
      ]
    ),
    (
      "`random.shuffle(l)`",
      [.fails("l = [1, 2]; random.shuffle(l)", "random.sample(l, len(l))")]
    ),
    (
      "`import os`",
      [
        .fails("import os", "os"), .fails("import json", "json"),
        .fails("import datetime", "datetime"),
      ]
    ),
    (
      "`print('a', end='')`",
      [
        .shows("print('a', end='')\nprint('b')", ["a", "b"]),
        .shows("for i in range(2): print(i, end='')", ["01"]),
      ]
    ),
  ]

  /// The first cells of the rows of all tables of the page.
  private static func typedCells() throws -> [String] {
    let path = Fixture.path("../../Documentation/differences.md")
    let page = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    return page.split(separator: "\n").filter { $0.hasPrefix("| ") }
      .map { String($0.dropFirst(2).prefix { $0 != "|" }) }
      .filter { !$0.hasPrefix("typed ") && !$0.hasPrefix("---") }
  }

  @Test func `each row of the page has statements that are tried, and each of these a row`() throws
  {
    let cells = try Self.typedCells()
    for cell in cells {
      #expect(Self.rows.count { cell.hasPrefix($0.typed) } > 0, "\(cell)")
    }
    for row in Self.rows {
      #expect(cells.count { $0.hasPrefix(row.typed) } > 0, "\(row.typed)")
    }
  }

  @Test func `what the page says happens`() {
    for says in Self.rows.flatMap(\.says) {
      let conversation = Conversation()
      _ = conversation.type(Self.setup)
      switch says {
      case .shows(let typed, let lines):
        let shown = conversation.type(typed)
        #expect(lines.isEmpty || shown.suffix(lines.count) == lines[...], "\(typed)\n\(shown)")
        #expect(!shown.contains { $0.hasPrefix("error") }, "\(typed)\n\(shown)")
      case .fails(let typed, let part):
        let told = conversation.mistake([typed])
        #expect(
          !told.isEmpty && told.contains { part.isEmpty || $0.contains(part) }, "\(typed)\n\(told)")
      }
    }
  }
}
