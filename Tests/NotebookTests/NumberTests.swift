import Testing

/// Functions of plain numbers, and changes of tensors in place.
struct NumberTests {
  @Test(arguments: [
    ("round(2.4)", "2"), ("round(2.5)", "2"), ("round(2.567, 1)", "2.6"), ("floor(-0.5)", "-1"),
    ("ceil(0.2)", "1"), ("abs(-3)", "3"), ("abs(-0.5)", "0.5"), ("log(5)", "1.6094379124341003"),
    ("sqrt(2)", "1.4142135623730951"), ("exp(0)", "1.0"), ("log2(8)", "3.0"), ("square(3)", "9"),
    ("sqrt(array([4, 9]))", "array([2., 3.])"), ("round(tensor(2.4))", "tensor(2.)"),
    ("round(tensor([0.26, -1.25]), 1)", "tensor([ 0.3000, -1.2000])"),
  ])
  func `functions of numbers give numbers as Python does`(_ formula: String, _ result: String) {
    #expect(Conversation.last(formula) == [result])
  }

  @Test func `what cannot be rounded to a whole number is refused`() {
    #expect(
      Conversation.mistake("round(1e300 * 1e300)").first
        == "error[bad-value]: `round` takes a finite number, got inf")
  }

  @Test func `methods that end in _ change the elements of everything that shares them`() {
    let steps = ["x = zeros(2)", "y = x.data", "x.fill_(3)"]
    #expect(Conversation.last(steps[0], steps[1], steps[2], "y") == ["tensor([3., 3.])"])
    #expect(
      Conversation.last("x = ones(2)", "y = x", "x.add_(1).mul_(3).sub_(2).div_(4)", "y")
        == ["tensor([1., 1.])"])
    #expect(
      Conversation.last("x = ones(2)", "y = x.clone()", "x.zero_()", "y") == ["tensor([1., 1.])"])
    #expect(
      Conversation.mistake("x = ones(2)", "x.add_(ones(3, 2))").first
        == "error[shape]: `this tensor` has shape [2] and cannot become [3, 2] in place")
  }

  @Test func `a step of gradient descent by hand`() {
    let conversation = Conversation()
    for input in [
      "w = tensor([1., 2.]).requires_grad_()", "(w * w).sum().backward()",
      "w.data -= 0.25 * w.grad",
    ] { #expect(conversation.type(input) == []) }
    #expect(conversation.type("w") == ["tensor([0.5000, 1.0000], requires_grad=True)"])
    #expect(conversation.type("w.grad.zero_()") == ["tensor([0., 0.])"])
    #expect(conversation.type("w.grad") == ["tensor([0., 0.])"])
    _ = conversation.type("w.grad = none")
    #expect(conversation.type("w.grad == none") == ["True"])
    #expect(
      conversation.mistake(["w -= 0.25 * w"]) == [
        "error[leaf]: `w` is a leaf that gradients arrive at: a step on it must not be recorded",
        "at w", "help: w.data -= 0.25 * w",
      ])
  }

  @Test func `gradients that share memory are zeroed one by one`() {
    #expect(
      Conversation.last(
        "a = ones(2).requires_grad_(); b = ones(2).requires_grad_()", "(a + b).sum().backward()",
        "a.grad.zero_();", "[a.grad, b.grad]") == ["[tensor([0., 0.]), tensor([1., 1.])]"])
  }

  @Test func `the gradient of a table of rows is changed in place`() {
    #expect(
      Conversation.last(
        "e = Embedding(3, 1)", "e(tensor([1])).sum().backward()", "e.weight.grad.fill_(5);",
        "e.weight.grad.flatten()") == ["tensor([5., 5., 5.])"])
  }

  @Test func `without gradients nothing is recorded`() {
    #expect(
      Conversation.last("w = ones(2).requires_grad_()", "no_grad(w * 2)") == ["tensor([2., 2.])"])
  }
}
