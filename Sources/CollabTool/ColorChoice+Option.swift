public import ArgumentParser
public import Documents

/// The values of `--color`.
extension ColorChoice: ExpressibleByArgument {}
