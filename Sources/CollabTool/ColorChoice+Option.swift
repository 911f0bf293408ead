public import ArgumentParser
public import CollabDocuments

/// The values of `--color`.
extension ColorChoice: ExpressibleByArgument {}
