import TestSupport
import Testing

/// Conditions on columns, as pandas has them, and what is said where they would not do what they say.
struct ConditionTests {
  private func conversation() throws -> Conversation {
    let conversation = Conversation()
    let folder = try TemporaryFolder()
    folder.write(
      "teas.csv",
      "user,tea,rating\n1,green,4\n1,black,5\n2,green,1\n3,oolong,2\n3,mint,\n9007199254740993,mint,3\n"
    )
    _ = conversation.type("t = read_csv '\(folder.path)/teas.csv'")
    return conversation
  }

  @Test(arguments: [
    ("((t.rating > 3) & (t.user == 1)).tolist()", "[True, True, False, False, False, False]"),
    ("((t.rating > 4) | (t.tea == 'mint')).sum()", "3"),
    ("(~(t.rating > 3)).sum()", "4"), ("((t.user > 1) ^ (t.user < 3)).sum()", "5"),
    ("t[(t.rating > 3) & ~(t.tea == 'black')].tea.tolist()", "['green']"),
    ("(t.user == 9007199254740993).sum(), (t.user == 9007199254740992).sum()", "(1, 0)"),
    ("(t.user == 9007199254740992.0).sum(), (t.user > 9007199254740992.0).sum()", "(0, 1)"),
    ("(9007199254740992 < t.user).sum()", "1"),
    ("(t.tea < 'h').sum(), (t.tea != 'mint').sum()", "(3, 4)"),
    ("(t.rating == t.rating).sum(), (t.rating != t.rating).sum()", "(5, 1)"),
    ("t.user.isin([9007199254740992]).sum(), t.user.isin([9007199254740993, 1.0]).sum()", "(0, 3)"),
    ("t.rating[t.rating > 3].tolist()", "[4.0, 5.0]"),
    ("t.rating.between(2, 4).sum(), t.rating.isna().sum(), t.tea.notna().sum()", "(3, 1, 6)"),
    (
      "5 & 3, 5 | 3, 5 ^ 3, ~5, True & False, True | False, True ^ True",
      "(1, 7, 6, -6, False, True, False)"
    ),
    ("(tensor([5, 3]) & 1).tolist(), (~tensor([True, False])).tolist()", "([1, 1], [False, True])"),
    (
      "2**53 + 1 == 2.0**53, 2**53 + 1 > 2.0**53, 2.0**53 == 2**53, 1 < 1.5, 2 > 1.5",
      "(False, True, True, True, True)"
    ),
    ("2**53 + 1 in [2.0**53], [2**53 + 1].index(2**53 + 1)", "(False, 0)"),
  ])
  func `rows are chosen by conditions`(_ formula: String, _ result: String) throws {
    #expect(try conversation().type(formula) == [result])
  }

  @Test(arguments: [
    ("t[(t.rating > 3) and (t.user == 1)]", "(t.rating > 3) & (t.user == 1)"),
    ("t[t.rating > 3 or not t.user == 1]", "(t.rating > 3) | ~(t.user == 1)"),
    ("t[not t.rating > 3]", "~(t.rating > 3)"),
    ("t[t.rating > 3 & t.user == 1]", "(t.rating > 3) & (t.user == 1)"),
    (
      "t[t.rating > 3 & t.user == 1 & t.tea == 'green']",
      "(t.rating > 3) & (t.user == 1) & (t.tea == 'green')"
    ),
  ])
  func `the advice on a condition is one that runs`(_ typed: String, _ advice: String) throws {
    let conversation = try conversation()
    #expect(conversation.mistake([typed]).last == "help: \(advice)")
    #expect(conversation.mistake([advice]) == [])
  }

  @Test(arguments: [
    ("t.tea > 3", "error[unsupported]: column `tea` holds text, and 3 is a number"),
    ("t.user == '1'", "error[unsupported]: column `user` holds whole numbers, and '1' is a text"),
    ("t.tea.isin([1])", "error[unsupported]: column `tea` holds text, and 1 is a number"),
    ("not t.rating", "error[ambiguous]: a Column is neither true nor false"),
    ("~1.5", "error[bad-value]: `~` takes a condition, got a float"),
    ("t[[True, False]]", "error[shape]: there are 2 truth values for 6 rows"),
    ("t | head", "error[no-pipe]: `|` does not join commands"),
  ])
  func `what would go silently wrong is refused`(_ typed: String, _ message: String) throws {
    #expect(try conversation().mistake([typed]).first == message)
  }
}
