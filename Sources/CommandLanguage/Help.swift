/// Help texts, made from specs.
public enum Help {
  /// The first line of a command's help: `fit EPOCHS LR [wd=0.01]`.
  public static func usage(of spec: CommandSpec) -> String {
    ([spec.name] + spec.parameters.map(usage)).joined(separator: " ")
  }

  private static func usage(of parameter: Parameter) -> String {
    let name = parameter.name.uppercased()
    switch parameter.presence {
    case .required:
      return parameter.isOptionOnly
        ? "\(parameter.name)=\(parameter.type.label.uppercased())" : name
    case .rest(let count): return count > 0 ? "\(name)…" : "[\(name)…]"
    case .optional:
      let value = parameter.defaultText ?? parameter.type.label.uppercased()
      return "[\(parameter.name)=\(value)]"
    }
  }
}
