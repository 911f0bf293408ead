import Testing

/// Python's forms.
///
/// What they print, Python 3.11 printed.
struct PythonFormTests {
  @Test func `branches end a function where one of them returns`() {
    let program = #"""
      def classify(n):
          if n < 0:
              return 'negative'
          elif n == 0:
              return 'zero'
          return 'positive'

      print([classify(n) for n in [-1, 0, 1]])
      """#
    #expect(
      Conversation().type(program) == [
        #"['negative', 'zero', 'positive']"#
      ])
  }

  @Test func `a loop is left and goes on`() {
    let program = #"""
      def first(xs, test):
          for i, x in enumerate(xs):
              if not test(x):
                  continue
              return i, x
          return None

      print(first([1, 2, 3], lambda x: x > 1), first([], lambda x: True))
      """#
    #expect(
      Conversation().type(program) == [
        #"(1, 2) None"#
      ])
  }

  @Test func `a loop takes tuples apart`() {
    let program = #"""
      total = 0
      for a, b in zip([1, 2, 3], [4, 5, 6]):
          total += a * b
      print(total, a, b)
      """#
    #expect(
      Conversation().type(program) == [
        #"32 3 6"#
      ])
  }

  @Test func `a loop goes on while its condition holds`() {
    let program = #"""
      n, steps = 27, 0
      while n != 1:
          n = n // 2 if n % 2 == 0 else 3 * n + 1
          steps += 1
      print(steps)
      def gcd(a, b):
          while b:
              a, b = b, a % b
          return a
      print(gcd(48, 18))
      """#
    #expect(
      Conversation().type(program) == [
        #"111"#,
        #"6"#,
      ])
  }

  @Test func `dicts count and group`() {
    let program = #"""
      counts = {}
      for word in 'a b a c b a'.split():
          counts[word] = counts.get(word, 0) + 1
      print(counts)
      print(sorted(counts.items()), 'a' in counts, len(counts))
      groups = {}
      for k, v in [('x', 1), ('y', 2), ('x', 3)]:
          if k not in groups: groups[k] = []
          groups[k].append(v)
      print(groups)
      """#
    #expect(
      Conversation().type(program) == [
        #"{'a': 3, 'b': 2, 'c': 1}"#,
        #"[('a', 3), ('b', 2), ('c', 1)] True 3"#,
        #"{'x': [1, 3], 'y': [2]}"#,
      ])
  }

  @Test func `elements of lists in lists are assigned to`() {
    let program = #"""
      matrix = [[i * j for j in range(3)] for i in range(3)]
      matrix[1][2] = 99
      print(matrix)
      print([x for row in matrix for x in row if x > 1])
      """#
    #expect(
      Conversation().type(program) == [
        #"[[0, 0, 0], [0, 1, 99], [0, 2, 4]]"#,
        #"[99, 2, 4]"#,
      ])
  }

  @Test func `values are taken apart`() {
    let program = #"""
      a = b = [1, 2]
      print(a, b)
      x, (y, *z) = 1, (2, 3, 4)
      print(x, y, z)
      """#
    #expect(
      Conversation().type(program) == [
        #"[1, 2] [1, 2]"#,
        #"1 2 [3, 4]"#,
      ])
  }

  @Test func `parameters take what is left`() {
    let program = #"""
      def f(a, b=2, *rest, c, d=4, **options):
          return [a, b, rest, c, d, options]
      print(f(1, c=3), f(1, 2, 3, 4, c=5, e=6))
      args = [1, 2]
      print(f(*args, **{'c': 3, 'z': 0}))
      """#
    #expect(
      Conversation().type(program) == [
        #"[1, 2, (), 3, 4, {}] [1, 2, (3, 4), 5, 4, {'e': 6}]"#,
        #"[1, 2, (), 3, 4, {'z': 0}]"#,
      ])
  }

  @Test func `comparisons chain`() {
    let program = #"""
      print(1 < 2 < 3, 1 < 3 < 2, 3 > 2 >= 2)
      """#
    #expect(
      Conversation().type(program) == [
        #"True False True"#
      ])
  }

  @Test func `functions keep what they know`() {
    let program = #"""
      def make(n):
          def add(x):
              return x + n
          return add
      print(make(3)(4), [make(i)(1) for i in range(3)])
      def outer():
          def fact(n):
              return 1 if n <= 1 else n * fact(n - 1)
          return fact(6)
      print(outer())
      """#
    #expect(
      Conversation().type(program) == [
        #"7 [1, 2, 3]"#,
        #"720"#,
      ])
  }

  @Test func `texts hold formulas`() {
    let program = #"""
      total = 32
      s = 'text'
      print(f'{s!r:>8}|{total:05d}|{total=}|{3.14159:.2f}')
      print(not None, None is None)
      """#
    #expect(
      Conversation().type(program) == [
        #"  'text'|00032|total=32|3.14"#,
        #"True True"#,
      ])
  }

  @Test func `lists change`() {
    let program = #"""
      xs = [3, 1, 2]
      xs.sort(); print(xs)
      xs.sort(reverse=True); print(xs)
      xs.insert(1, 9); xs.extend([7, 8]); print(xs); print(xs.pop()); print(xs.pop(0), xs)
      xs.remove(9); xs.reverse(); print(xs)
      """#
    #expect(
      Conversation().type(program) == [
        #"[1, 2, 3]"#,
        #"[3, 2, 1]"#,
        #"[3, 9, 2, 1, 7, 8]"#,
        #"8"#,
        #"3 [9, 2, 1, 7]"#,
        #"[7, 1, 2]"#,
      ])
  }

  @Test func `lists are joined and repeated, numbers divided`() {
    let program = #"""
      print([1, 2] + [3], (1,) + (2,), [0] * 3, 2 ** 3 ** 2, -7 // 2, -7 % 3)
      """#
    #expect(
      Conversation().type(program) == [
        #"[1, 2, 3] (1, 2) [0, 0, 0] 512 -4 2"#
      ])
  }

  @Test func `dicts are joined and change`() {
    let program = #"""
      counts = {'a': 3, 'b': 2, 'c': 1}
      d = {**counts, 'z': 0}
      print(d); print(d.pop('z'), list(d.keys()), list(d.values()))
      d.update({'q': 1}); print(d)
      print({k: v for k, v in d.items() if v > 1})
      """#
    #expect(
      Conversation().type(program) == [
        #"{'a': 3, 'b': 2, 'c': 1, 'z': 0}"#,
        #"0 ['a', 'b', 'c'] [3, 2, 1]"#,
        #"{'a': 3, 'b': 2, 'c': 1, 'q': 1}"#,
        #"{'a': 3, 'b': 2}"#,
      ])
  }

  @Test func `an assignment changes what is there`() {
    let program = #"""
      i = 10
      i -= 1; i *= 2; i //= 4; i **= 2; i %= 9
      print(i)
      """#
    #expect(
      Conversation().type(program) == [
        #"7"#
      ])
  }

  @Test func `loops count down, and branches stand on one line`() {
    let program = #"""
      total = 32
      for i in range(10, 0, -3):
          if i == 4: break
      print(i)
      if total: print('one line')
      else: print('other')
      """#
    #expect(
      Conversation().type(program) == [
        #"4"#,
        #"one line"#,
      ])
  }

  @Test func `a function without a result gives None`() {
    let program = #"""
      def nothing():
          pass
      print(nothing())
      """#
    #expect(
      Conversation().type(program) == [
        #"None"#
      ])
  }

  @Test func `a return leaves loops within loops`() {
    let program = #"""
      def early(n):
          for i in range(n):
              for j in range(n):
                  if i * j == 6: return i, j
      print(early(5))
      """#
    #expect(
      Conversation().type(program) == [
        #"(2, 3)"#
      ])
  }

  @Test func `generators are arguments`() {
    let program = #"""
      xs = [7, 1, 2]
      print(max([1, 5, 3]), sum(x * x for x in range(4)), any(x > 2 for x in xs))
      """#
    #expect(
      Conversation().type(program) == [
        #"5 14 True"#
      ])
  }

  @Test func `texts and numbers are written in all ways`() {
    let program = #"""
      print('%', "it's", 'a' 'b', '''x
      y''')
      print(0x1F, 0b11, 0o17, 1_000_000, 1e3)
      print((lambda *a, k=1: (a, k))(1, 2, k=3))
      """#
    #expect(
      Conversation().type(program) == [
        #"% it's ab x"#,
        #"y"#,
        #"31 3 15 1000000 1000.0"#,
        #"((1, 2), 3)"#,
      ])
  }

  @Test func `default values are made anew`() {
    let program = #"""
      def default(x, acc=None):
          if acc is None:
              acc = []
          acc.append(x)
          return acc
      print(default(1), default(2))
      """#
    #expect(
      Conversation().type(program) == [
        #"[1] [2]"#
      ])
  }

  @Test func `the names of a comprehension are its own`() {
    let program = #"""
      t = 1, 2
      print(t)
      print([i if i % 2 else -i for i in range(5)])
      k = 5
      print([k for k in range(3)], k)
      """#
    #expect(
      Conversation().type(program) == [
        #"(1, 2)"#,
        #"[0, 1, -2, 3, -4]"#,
        #"[0, 1, 2] 5"#,
      ])
  }

  @Test func `a text alone is a value, but where it says what a definition or a cell is for`() {
    #expect(Conversation().type("'ten'") == ["'ten'"])
    #expect(Conversation().type("x = 1\n'a, b'") == ["'a, b'"])
    #expect(Conversation().type("\"\"\"one\ntwo\"\"\"") == [#"'one\ntwo'"#])
    // Empty lines and comments are nothing that it could say what it is for.
    #expect(Conversation().type("\"\"\"one\ntwo\"\"\"\n\n# end\n") == [#"'one\ntwo'"#])
    #expect(Conversation().type("\"\"\"What\nfollows\"\"\"\n1 + 1") == ["2"])
    #expect(Conversation().type("def f():\n  'Says two.'\n  return 2\nf()") == ["2"])
    #expect(
      Conversation().type("class A(Module):\n  'A model.'\n  def forward(self, x): return x\n'A'")
        == ["'A'"])
  }

  @Test func `numpy multiplies what other types hold`() {
    #expect(
      Conversation().type("np.matmul([[1, 2], [3, 4]], tensor([5., 6.]))") == ["array([17., 39.])"])
    #expect(Conversation().type("np.matmul([[1, 2], [3, 4]], [5, 6])") == ["array([17, 39])"])
  }

  @Test func `what stands below an else is done where no break ended the loop`() {
    let program = #"""
      def factor(n):
          for i in range(2, n):
              if n % i == 0:
                  break
          else:
              return 'prime'
          return i

      print(factor(7), factor(9))
      n = 3
      while n > 0:
          n -= 1
      else:
          print('counted down to', n)
      """#
    #expect(Conversation().type(program) == ["prime 3", "counted down to 0"])
  }

  @Test func `del removes elements, keys and columns`() {
    let program = #"""
      a = [1, 2, 3, 4, 5, 6]
      del a[0], a[-1]
      del a[1:3]
      d = {'x': 1, 'y': [1, 2]}
      del d['x'], d['y'][0]
      df = pd.DataFrame({'a': [1], 'b': [2]})
      del df['a']
      print(a, d, list(df.columns))
      """#
    #expect(Conversation().type(program) == ["[2, 5] {'y': [2]} ['b']"])
    #expect(Conversation.last("d = {}\ndel d['k']").contains { $0.contains("unknown-key") })
  }

  @Test func `a slice of a list is assigned to`() {
    let program = #"""
      a = [1, 2, 3, 4, 5]
      a[1:3] = [9]
      b = list(range(6))
      b[::2] = ['a', 'b', 'c']
      c = [1, 2]
      c[1:1] = [7, 8]
      print(a, b, c)
      """#
    #expect(
      Conversation().type(program) == ["[1, 9, 4, 5] ['a', 1, 'b', 3, 'c', 5] [1, 7, 8, 2]"])
  }

  @Test func `a class need not inherit from anything`() {
    let program = #"""
      class Example:
          def __init__(self, a): self.a = a
          def say(self, x): return f'Hello {self.a}, {x}.'
      ex = Example('Sylvain')
      ex.say('nice to meet you')
      """#
    #expect(Conversation().type(program) == ["'Hello Sylvain, nice to meet you.'"])
  }

  @Test func `a default has its value from when the function was made`() {
    let program = #"""
      x = 1
      def f(a=x): return a
      x = 2
      print(f(), [g(10) for g in [lambda v, i=i: v + i for i in range(3)]])
      """#
    #expect(Conversation().type(program) == ["1 [10, 11, 12]"])
  }

  @Test func `a step on a tensor is seen by all who hold it`() {
    let program = #"""
      a = torch.ones(2)
      b = a
      b += 1
      w = torch.ones(2, requires_grad=True)
      with torch.no_grad():
          w -= 0.1
      print(a, w)
      """#
    #expect(
      Conversation().type(program) == [
        "tensor([2., 2.]) tensor([0.9000, 0.9000], requires_grad=True)"
      ])
  }

  @Test func `a list is sorted by a key`() {
    let program = #"""
      words = ['ccc', 'a', 'bb', 'd']
      words.sort(key=len)
      print(words)
      words.sort(key=lambda w: -len(w))
      print(words)
      """#
    #expect(
      Conversation().type(program) == [
        "['a', 'd', 'bb', 'ccc']", "['ccc', 'bb', 'a', 'd']",
      ])
  }
}
