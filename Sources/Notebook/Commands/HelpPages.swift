import CollabText

/// Pages of help on what is no command: the keys, the language, models, scripts.
enum HelpPages {
  /// The page of this name.
  static func page(_ name: String) -> String? {
    let names = ["questions": "lessons", "class": "model", "variables": "language"]
    return pages[names[name] ?? name]
  }

  /// The lines of a page; in a window that they do not fit, what is said of a word is wrapped beside it or
  /// below it.
  static func lines(of name: String, width: Int) -> [String]? {
    guard let page = page(name) else { return nil }
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard lines.contains(where: { DisplayWidth.of($0) > width }) else { return lines }
    var (fitted, rows, paragraph) = ([String](), [[String]](), [String]())
    func finish() {
      fitted += TextColumns.lines(rows, indent: 2, gap: 2, width: width)
      fitted += TextWrap.lines(
        paragraph.joined(separator: " "), indent: 0, hanging: 0, width: width)
      (rows, paragraph) = ([], [])
    }
    for line in lines {
      let text = line.drop { $0 == " " }
      switch line.count - text.count {
      case _ where text.isEmpty:
        finish()
        fitted.append("")
      case 0: paragraph.append(line)
      case 2: rows.append(cells(of: text))
      default:
        // What goes on beside a word, or a line of code within another.
        if rows.last?.count == 2 {
          rows[rows.count - 1][1] += " " + text
        } else {
          finish()
          fitted.append(line)
        }
      }
    }
    finish()
    return fitted
  }

  /// A word and what is said of it, which blanks keep apart; or the line alone.
  private static func cells(of line: Substring) -> [String] {
    guard let gap = line.firstRange(of: "  ") else { return [String(line)] }
    return [String(line[..<gap.lowerBound]), String(line[gap.upperBound...].drop { $0 == " " })]
  }

  /// The names of all pages.
  static var names: [String] { pages.keys.sorted() }

  private static let pages = [
    "keys": """
    Keys at the prompt

      Tab                  complete; again opens a list: arrows walk, typing
                           narrows, Enter takes, Escape closes
      Right, Ctrl-E, End   take the grey suggestion
      Alt-F, Ctrl-Right    take a word of it, or go a word on; Alt-B, Ctrl-Left back
      Up, Down             by lines in a block, else through earlier statements that
                           begin with what is typed
      Ctrl-R               search earlier statements
      Enter                run, or go on with an unfinished statement
      Alt-Enter            break the line
      Ctrl-A, Ctrl-E       begin and end of the line (also Home and End)
      Page Up, Page Down   begin and end of the block
      Ctrl-U, Ctrl-K       take away the line, the rest of it
      Ctrl-W, Alt-D        take away the word before, behind the cursor
      Ctrl-Y               put back what was taken away
      Ctrl-_, Ctrl-X Ctrl-U   undo; Alt-_ redo
      Ctrl-X Ctrl-E        edit in $EDITOR
      Ctrl-L               clear the window
      Ctrl-C               discard the line, or stop what runs
      Ctrl-Z, Ctrl-D       stop (fg in the shell goes on); leave

    `bind -v` in ~/.editrc gives the keys of vi: u undoes, Ctrl-R redoes, v edits.
    """,
    "language": """
    The language

      fit 5 5e-3 wd=0.1      a command, its arguments, options with =
      fit(5, 5e-3, wd=0.1)   the same as a call
      x = bias top=5         keep the value of a command
      learn.model.user_bias  a part of a value
      ratings[ratings.rating == 5]      rows of a table
      [a*b for a, b in zip(x, y)]       formulas are those of Python
      def f(x): return x**2             a function (help def)
      class M(Module): ...              a model (help model)
      for i in range(3): print(i)       also while, if, with, assert
      load; dataloaders; fit 5          several statements
      head ratings;                     a ; at the end shows nothing
      # a comment

    A statement that is not finished goes on in the next line. An empty line ends a
    block below `:`. A text with blanks is put in quotes:
    similar 'Star Wars (1977)'. `help python` says what stands for the names of
    fastai, PyTorch and pandas.
    """,
    "model": """
    Models of your own

    A class as in fastai, with `forward` for a batch of users and items:

      class DotProduct(Module):
          def __init__(self, n_users, n_movies, n_factors):
              self.user_factors = Embedding(n_users, n_factors)
              self.movie_factors = Embedding(n_movies, n_factors)
          def forward(self, x):
              users = self.user_factors(x[:,0])
              movies = self.movie_factors(x[:,1])
              return (users * movies).sum(dim=1)

      load; dataloaders
      model = DotProduct(dls.n_users, dls.n_items, 50)
      learn = Learner(dls, model, loss_func=MSELossFlat())
      learn.fit_one_cycle(5, 5e-3)

    `learner` makes the models that are built in: help learner.
    """,
    "def": """
    Functions of your own

      def sigmoid_range(x, low, high):
          return sigmoid(x) * (high - low) + low

      def clamp(x, low=0, high=1): return min(max(x, low), high)

      square = lambda x: x**2

    Enter indents the lines below `:`; an empty line ends the block.
    """,
    "scripts": """
    Scripts, notebooks and pages

      record notes.collab        keep what is typed from now on
      run notes.collab           run a script in this session
      collab run FILE            run it from the shell; collab check FILE compares
                                 its outputs with those recorded
      collab html FILE           make a page of it
      collab ipynb FILE          make a Jupyter notebook of it
      collab fmt FILE            lay it out

    `!collab html notes.collab` works at the prompt too.
    """,
    "lessons": """
    Lessons

      teach                      the chapter, or the lesson you were in
      teach questions            the questions at the end of the chapter
      teach FILE                 a lesson of your own

    In a lesson Enter goes on, `help` lists its words, `quit` comes back here.
    """,
  ]
}
