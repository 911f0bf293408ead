import CollabDocuments
import Testing

struct FormulaTests {
  /// A line of markdown on a page.
  private func page(_ markdown: String) -> String {
    let page = HTMLRenderer()
    page.write(.prose(markdown))
    return page.body
  }

  @Test(arguments: [
    ("x", "x"), ("x_i^2", "xᵢ²"), ("\\hat{r}_{ui} = \\mu + b_u", "r̂ᵤᵢ = μ + bᵤ"),
    ("\\frac{a}{b+1}", "a/(b + 1)"), ("\\sqrt{2x}", "√(2x)"), ("p_u \\cdot q_i", "pᵤ · qᵢ"),
    ("\\sum_{i=1}^n x_i", "∑ᵢ₌₁ⁿ xᵢ"), ("-1.5 \\times 10^{-3}", "−1.5 × 10⁻³"),
    ("\\log x", "log x"), ("\\log(x)", "log(x)"), ("e^{\\lambda}", "e^λ"),
    ("f(x, y)", "f(x, y)"), ("\\text{rating of } u", "rating of u"),
    ("\\unknown x", "\\unknown x"),
    ("", ""), ("{", ""), ("x^", "x"), ("}}", ""), ("\\", "\\"),
  ])
  func `is a line of text in a terminal`(_ source: String, _ text: String) {
    #expect(Formula(source).text == text)
    #expect(
      MarkdownInline.styled("a $$\(source)$$").text == (source.isEmpty ? "a $$$$" : "a \(text)"))
  }

  @Test func `is MathML on a page, with how it was written`() {
    #expect(
      page("so $x_i<1$.")
        == """
        <p>so <math><semantics><mrow><msub><mi>x</mi><mi>i</mi></msub><mo>&lt;</mo><mn>1</mn></mrow>\
        <annotation encoding="application/x-tex">x_i&lt;1</annotation></semantics></math>.</p>

        """)
    let block = page("$$\\sum_{k} \\frac{1}{k}$$")
    #expect(block.hasPrefix("<p><math display=\"block\"><semantics><mrow><munder><mo>∑</mo>"))
    #expect(block.contains("<mfrac><mrow><mn>1</mn></mrow><mrow><mi>k</mi></mrow></mfrac>"))
  }

  @Test(arguments: [
    "costs $5 and $10", "a $ b $ c", "`$HOME` and \\$x\\$", "$", "$$$", "$x$5", "$x $",
  ])
  func `money and names of a shell are no formulas`(_ text: String) {
    #expect(!page(text).contains("<math"))
    #expect(MarkdownInline.styled(text).text.contains("$"))
  }

  @Test func `braces without end are read in time`() {
    let deep = String(repeating: "{", count: 100_000) + String(repeating: "\\frac", count: 100_000)
    #expect(!Formula(deep).mathML(of: "", isBlock: false).isEmpty)
    let scripts = String(repeating: "x^{", count: 50_000)
    #expect(!Formula(scripts).text.isEmpty)
  }
}
