import TestSupport
import Testing

/// Groups of rows and the numbers made of them, with pandas' answers.
struct SeriesTests {
  private func conversation() throws -> Conversation {
    let conversation = Conversation()
    let folder = try TemporaryFolder()
    folder.write(
      "teas.csv", "user,tea,rating\n1,green,4\n1,black,5\n2,green,1\n3,green,2\n3,mint,3\n")
    _ = conversation.type("teas = read_csv '\(folder.path)/teas.csv'")
    _ = conversation.type("g = teas.groupby('tea').rating")
    return conversation
  }

  @Test(arguments: [
    ("g.mean().values", "array([5.        , 2.33333333, 3.        ])"),
    ("g.median().values", "array([5., 2., 3.])"), ("g.min().values", "array([5, 1, 3])"),
    ("g.max().values", "array([5, 4, 3])"), ("g.size().values", "array([1, 3, 1])"),
    ("g.std().values", "array([       nan, 1.52752523,        nan])"),
    ("(g.mean() > 2.5).tolist()", "[True, False, True]"),
    ("g.count().max()", "3"), ("g.sum().mean()", "5.0"),
    ("teas.rating.isin([1, 5]).tolist()", "[False, True, True, False, False]"),
    ("teas.tea.isin(['mint']).sum()", "1"), ("teas.rating.median()", "3.0"),
    ("teas.rating.name", "'rating'"),
  ])
  func `numbers of groups are those of pandas`(_ formula: String, _ result: String) throws {
    #expect(try conversation().type(formula) == [result])
  }

  @Test func `a condition picks rows of a series, and head shows them`() throws {
    let conversation = try conversation()
    _ = conversation.type("m = g.mean()")
    #expect(
      conversation.type("m[m > 2.5]").map { $0.split(separator: " ").joined(separator: " ") } == [
        "tea", "black 5.0", "mint 3.0", "Name: rating, dtype: float64",
      ])
    #expect(conversation.type("head m 1").last == "1 of 3 rows × 2 columns")
  }

  @Test func `several numbers of each group are a table`() throws {
    #expect(
      try conversation().type("g.agg(['max', 'count'])").map {
        $0.split(separator: " ").joined(separator: " ")
      } == [
        "tea max count", "black 5 1", "green 4 3", "mint 3 1", "3 rows × 2 columns",
      ])
  }

  @Test(arguments: [
    ("m = teas.groupby('user').rating.mean(); m[1], m[3]", "(4.5, 2.5)"),
    ("c = teas.rating.value_counts(); c[4], c.iloc[0], c.loc[1]", "(1, 1, 1)"),
    (
      "m = g.mean(); m['green'], m[0], m.iloc[-1], m.iloc[0]", "(2.3333333333333335, 5.0, 3.0, 5.0)"
    ),
    ("m = g.mean(); m[['mint', 'black']].values", "array([3., 5.])"),
    (
      "m = g.mean(); m[:2].index.tolist(), m.iloc[1:].index.tolist()",
      "(['black', 'green'], ['green', 'mint'])"
    ),
    ("g.mean().idxmax(), g.count().idxmax(), teas.rating.idxmax()", "('black', 'green', 1)"),
    ("g.std().sort_values(ascending=false).index.tolist()", "['green', 'black', 'mint']"),
    ("g.count().sort_values().index.tolist()", "['black', 'mint', 'green']"),
    ("teas.rating.value_counts().sort_index().index.tolist()", "[1, 2, 3, 4, 5]"),
    (
      "g.std().dropna().values, g.std().fillna(0).sum()",
      "(array([1.52752523]), 1.5275252316519468)"
    ),
    ("(g.sum() - g.count().sort_values()).tolist()", "[4, 4, 2]"),
    (
      "teas.rating.nlargest(2).tolist(), g.mean().nsmallest(1).index.tolist()",
      "([5, 4], ['green'])"
    ),
    ("teas.tea.unique()", "['green', 'black', 'mint']"),
    (
      "teas.iloc[1, 1], teas.iloc[-1:].tea.tolist(), teas.loc[teas.rating > 3, 'tea'].tolist()",
      "('black', ['mint'], ['green', 'black'])"
    ),
  ])
  func `labels and places are told apart as in pandas`(_ input: String, _ result: String) throws {
    #expect(try conversation().type(input) == [result])
  }

  @Test(arguments: [
    (
      "m = g.mean(); n = g.count().sort_values(); m[n > 1].index.tolist(), m[n == 1].index.tolist()",
      "(['green'], ['black', 'mint'])"
    ),
    (
      "s = teas.sort_values('rating'); s[teas.user == 3].rating.tolist(), s[teas.user == 3].index.tolist()",
      "([2, 3], [3, 4])"
    ),
    (
      "t = teas[teas.rating > 2]; t.index.tolist(), t[t.user == 1].tea.tolist(), t.loc[4, 'tea']",
      "([0, 1, 4], ['green', 'black'], 'mint')"
    ),
    ("t = teas; t.loc[t.rating > 4, 'rating'] = 0; t.rating.tolist()", "[4, 0, 1, 2, 3]"),
    (
      "t = teas; t['good'] = t.rating > 3; t.good.sum(), t.good.dtype, t.dtypes['good']",
      "(2, dtype('bool'), 'bool')"
    ),
    ("t = teas; t['n'] = 7; t.iloc[0, 3] = 8; t.n.tolist()", "[8, 7, 7, 7, 7]"),
  ])
  func `conditions and values find their rows by labels`(
    _ input: String, _ result: String
  ) throws {
    #expect(try conversation().type(input) == [result])
  }

  @Test func `a condition of other rows is refused`() throws {
    let conversation = try conversation()
    _ = conversation.type("by_user = teas.groupby('user').rating.mean()")
    #expect(
      conversation.mistake(["g.mean()[by_user > 2]"]).first
        == "error[unsupported]: the two series have different labels")
  }

  @Test func `a label that is not there is no place`() throws {
    let conversation = try conversation()
    _ = conversation.type("n = teas.user.value_counts()")
    #expect(
      conversation.mistake(["n[0]"]) == [
        "error[unknown-key]: the series has no label 0; labels are numbers from 1 to 3",
        "at n[0]", "help: n.iloc[0] counts places from 0",
      ])
    #expect(
      conversation.mistake(["g.mean() - teas.groupby('user').rating.mean()"]).first
        == "error[unsupported]: the two series have different labels")
  }

  @Test(arguments: [
    ("t.rating.count(), t.rating.mean(), t.rating.sum(), t.tea.nunique()", "(2, 3.0, 6.0, 2)"),
    (
      "t.tea.value_counts().values, t.groupby('tea').size().values",
      "(array([2, 1]), array([1, 2]))"
    ),
    (
      "t.groupby('tea').rating.count().tolist(), t.groupby('tea').rating.size().tolist()",
      "([0, 2], [1, 2])"
    ),
    (
      "t.dropna().shape, t.dropna(subset=['tea']).shape, t.dropna('rating').shape",
      "((2, 2), (3, 2), (2, 2))"
    ),
    (
      "t.fillna(0).rating.sum(), t.fillna('?').tea.tolist()",
      "(6.0, ['mint', 'mint', '?', 'assam'])"
    ),
    ("t.isna().sum().tolist()", "[1, 2]"), ("t.tea.unique()", "['mint', nan, 'assam']"),
    ("t.head(0).rating.max(), t.head(0).rating.sum()", "(nan, 0.0)"),
    ("t.sort('rating').tea.tolist()", "['mint', 'mint', nan, 'assam']"),
    ("t.sort('tea', descending=true).tea.tolist()", "['mint', 'mint', 'assam', nan]"),
    ("t.sort(['tea', 'rating'], ascending=[True, False]).rating.head(2).tolist()", "[nan, 4.0]"),
    (
      "t.drop_duplicates('tea').shape, t.drop_duplicates('tea', keep=False).shape",
      "((3, 2), (2, 2))"
    ),
    ("t.drop_duplicates('tea', keep='mean').rating.head(1).tolist()", "[3.0]"),
    ("t.duplicated('tea').tolist()", "[False, True, False, False]"),
    ("t.groupby(['tea', 'rating']).size().shape", "(2,)"),
    ("pd.concat([t, t]).shape, concat([t, t.select('tea')]).rating.count()", "((8, 2), 2)"),
  ])
  func `missing values are left out, and rows too if asked`(
    _ input: String, _ result: String
  ) throws {
    let conversation = Conversation()
    let folder = try TemporaryFolder()
    folder.write("full.csv", "tea,rating\nmint,2\nmint,4\n")
    folder.write("other.csv", "tea,x\nassam,1\n")
    _ = conversation.type("full = read_csv '\(folder.path)/full.csv'")
    _ = conversation.type("other = read_csv '\(folder.path)/other.csv'")
    _ = conversation.type("t = concat([full, other.select('x'), other.select('tea')]).drop('x')")
    #expect(conversation.type(input) == [result])
  }

  @Test func `whole numbers of 64 bits are not rounded`() throws {
    let conversation = Conversation()
    let folder = try TemporaryFolder()
    folder.write("ids.csv", "id,n\n9223372036854775807,1\n9007199254740993,1\n")
    _ = conversation.type("t = read_csv '\(folder.path)/ids.csv'")
    #expect(
      conversation.type("t.id.max(), t.id.min(), t.id.tolist()[1], t.groupby('n').id.min()[1]")
        == ["(9223372036854775807, 9007199254740993, 9007199254740993, 9007199254740993)"])
    #expect(
      conversation.mistake(["t.id.sum()"]).first
        == "error[too-large]: the sum of column `id` does not fit in 64 bits")
    #expect(
      conversation.mistake(["t.groupby('n').id.sum()"]).first
        == "error[too-large]: the sum of column `id` does not fit in 64 bits")
  }

  @Test func `a table is printed as its name alone shows it`() throws {
    let conversation = try conversation()
    #expect(conversation.type("print(teas)") == conversation.type("teas"))
    let both = conversation.type("print('all', teas, 3, 4)")
    #expect(both == ["all"] + conversation.type("teas") + ["3 4"])
    #expect(conversation.type("print(g.mean())") == conversation.type("g.mean()"))
  }

  @Test func `crosstab takes tables of ratings only`() throws {
    let conversation = try conversation()
    #expect(
      conversation.mistake(["crosstab(teas.select('user', 'tea'))"]).first?
        .hasPrefix("error[bad-value]: a table of ratings has a user, an item and a rating") == true)
    #expect(
      conversation.type("crosstab teas user=tea item=user users=1 items=2").map {
        $0.split(separator: " ").joined(separator: " ")
      } == ["tea 1 3", "0 green 4 2", "1 rows × 3 columns"])
    #expect(
      conversation.mistake(["heatmap(teas.select('user', 'tea'))"]).first
        == "error[wrong-kind]: column `tea` holds text, expected decimal numbers")
  }

  @Test func `what numpy does to each element keeps the labels, and what it collects does not`()
    throws
  {
    let conversation = try conversation()
    #expect(
      conversation.type("r = np.sqrt(g.max()); (r.index.tolist(), r.tolist())")
        == ["(['black', 'green', 'mint'], [2.23606797749979, 2.0, 1.7320508075688772])"])
    #expect(conversation.type("np.unique(g.max())") == ["array([3, 4, 5])"])
    #expect(conversation.type("np.maximum(teas.rating, 3).index.tolist()") == ["[0, 1, 2, 3, 4]"])
  }
}
