import Collab
import CollabText

/// `help metrics`: what is measured, and how.
struct MetricsPage {
  private static let paragraphs = [
    """
    How evaluate, compare, crossval, sweep and fit metrics=[…] measure. Of each user the items are \
    listed that have the highest predictions among all items with a rating to learn from, but for those \
    that the user has rated among these; no items are sampled. Equal scores are ordered by the number of \
    the item, so that a model that predicts the same for all gains nothing.
    """,
    """
    Relevant are the items that a user gave `relevant` or more among the ratings held out: by default \
    the upper quarter of the scale, 4 of 1 to 5. One that nobody has rated in training counts as relevant, \
    though no model can list it. Users without a relevant item have no part in measures of lists, and \
    how many they are is said.
    """,
  ]
  private static let ending = [
    """
    rmse and mae are of predictions brought within the scale of the ratings, and of all ratings held out; \
    for users and items without a rating to learn from the baseline answers. Measures of lists are means \
    over users.
    """,
    """
    An interval goes from the 2.5th to the 97.5th percentile of what so many draws of the same users, \
    with replacement, give (Efron's bootstrap; users are drawn and not ratings, since the ratings of a user \
    belong together). That of coverage is moved so that its mean is the coverage: draws hold fewer \
    different users, who list fewer different items. Of two models the same users are drawn together.
    """,
    """
    Held-out ratings favour what is often rated: nobody rates what they have not found. That is the usual \
    way of judging all the same.
    """,
  ]

  /// The lines of the page.
  func lines(width: Int) -> [String] {
    let table = TextColumns.lines(
      Metric.Kind.allCases.map { kind in
        [kind == .mrr ? "mrr" : Metric(kind).name.replacing("@10", with: "@k"), kind.definition]
      }, indent: 2, gap: 3, width: width)
    let parts =
      Self.paragraphs.map { TextWrap.paragraphs($0, indent: 0, width: width) } + [table]
      + Self.ending.map { TextWrap.paragraphs($0, indent: 0, width: width) }
    return Array(parts.joined(separator: [""]))
  }
}
