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
    ("g.mean() > 2.5", "array([ True, False,  True])"),
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
        "tea rating", "0 black 5.0", "1 mint 3.0", "2 rows × 2 columns",
      ])
    #expect(conversation.type("head m 1").last == "1 of 3 rows × 2 columns")
  }

  @Test func `several numbers of each group are a table`() throws {
    #expect(
      try conversation().type("g.agg(['max', 'count'])").map {
        $0.split(separator: " ").joined(separator: " ")
      } == [
        "tea max count", "0 black 5 1", "1 green 4 3", "2 mint 3 1", "3 rows × 3 columns",
      ])
  }
}
