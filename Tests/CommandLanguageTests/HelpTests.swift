import CollabLanguage
import Testing

struct HelpTests {
  private let help = Help(Specs.registry)

  @Test func `a command is described on one page`() throws {
    #expect(
      try help.topic("fit").joined(separator: "\n") == """
        fit EPOCHS LR [wd=0.01] [schedule=onecycle] [div=25] [pct_start=0.25] [learn=current]

          Trains the current learner and prints losses after each epoch. The rate follows the one-cycle
          schedule: up to LR during the first quarter, then down to almost zero.

          EPOCHS     Int      how many passes over the training data
          LR         Double   the highest learning rate
          wd         Double   weight decay; negative values push weights outward (to see why not to)
          schedule   Name     onecycle, or flat for a constant rate

          fit 5 5e-3
          fit 5 5e-3 wd=0.1
          learn.fit_one_cycle(5, 5e-3)        the same as a call

        see also: lr_find, validate, plot_loss          chapter: Collaborative filtering from scratch
        """)
  }

  @Test(arguments: [30, 40, 60, 80])
  func `a narrow screen is not left`(_ width: Int) throws {
    for topic in ["fit", "linspace", "errors", "learner"] {
      for line in try help.topic(topic, width: width) {
        #expect(line.count <= width || !line.drop { $0 == " " }.contains(" "), "\(line)")
      }
    }
  }

  @Test func `a function is described as a call`() throws {
    #expect(
      try help.topic("linspace").joined(separator: "\n") == """
        linspace(START, END, [steps=100])

          Evenly spaced numbers.

          START   Double   the first
          END     Double   the last
          steps   Int      how many

          gives a Tensor

          linspace(-2, 2, 100)
        """)
  }

  @Test func `the overview has one line for each command`() {
    #expect(
      help.overview(width: 55).joined(separator: "\n") == """
        data
          read_csv PATH …  read a table from a text file
          head TABLE …     show the first rows of a table

        model
          learner MODEL …  make a model and what trains it

        training
          fit EPOCHS LR …  train the current learner with one…
          lr_find          look at the training
          validate         look at the training
          plot_loss        look at the training

        looking in
          similar TITLE …  find the nearest titles

        plotting
          plot X Y …       draw a line

        workspace
          print VALUE…     show values

        help NAME tells more · apropos TEXT searches · help
        keys, help language, help errors, help python, help
        scripts are pages
        """)
  }

  @Test func `a search looks into names, summaries and details`() {
    #expect(help.apropos("table").map(\.name) == ["read_csv", "head"])
    #expect(help.apropos("cycle").map(\.name) == ["fit"])
    #expect(help.apropos("training").map(\.name) == ["lr_find", "validate", "plot_loss", "fit"])
    #expect(help.apropos("nothing like it").isEmpty)
    #expect(help.apropos(" ").isEmpty)
  }

  @Test func `help for something else explains, searches or gives up`() throws {
    #expect(try help.topic("unknown-command").first == "error[unknown-command]")
    #expect(try help.topic("errors").contains { $0.hasPrefix("  unclosed ") })
    #expect(try help.topic("learn.fit").first?.hasPrefix("fit EPOCHS") == true)
    #expect(
      try help.topic("nearest") == [
        "nothing is called `nearest`; see", "  similar   find the nearest titles",
      ])
    do {
      _ = try help.topic("lernar")
      Issue.record("found")
    } catch {
      #expect(error.code == "no-help")
      #expect(error.help == ["did you mean `learner`?", "help"])
    }
  }

  @Test func `text is broken at the width of the screen`() throws {
    for line in try help.topic("fit", width: 40).dropLast(10) where !line.contains("   ") {
      #expect(line.count <= 40)
    }
  }
}
