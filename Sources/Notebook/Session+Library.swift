import CollabBuiltins
public import CollabInterpreter
public import CollabLanguage

// What sessions know. It stands apart because commands act on a session, which is to know none of them.
extension Session {
  /// All commands, functions and methods.
  public static let builtins: [Builtin] = [
    DataCommands.all, ModelCommands.all, TrainingCommands.all, InterpretationCommands.all,
    TableCommands.all, WorkspaceCommands.all, FileCommands.all, HelpCommands.all,
    LearnerMethods.all, CreationFunctions.all, TensorFunctions.all, PairFunctions.all,
    TensorMethods.all, InPlaceMethods.all, SelectionFunctions.all, FunctionalLayers.all,
    LayerFunctions.all, PythonFunctions.all, StringMethods.all,
    MappingMethods.all, SetMethods.all, ListMethods.all, NumberMethods.all,
    SequenceMethods.all, TableMethods.all, Crosstab.all, PlotCommands.all, TabularModelFunction.all,
    LinearAlgebra.all, ScatteringFunctions.all, OrderingFunctions.all, FurtherLayers.all,
    IterationFunctions.all, CollectionFunctions.all,
    ElementFunctions.all, SeriesFunctions.all, ArrangingFunctions.all, LossFunctions.all,
    NumpyFunctions.all, ModuleFunctions.all, RandomFunctions.all, PatternFunctions.all,
    FastaiNames.all, PyplotFunctions.all,
    TableFileMethods.all, ArrayFile.all, UserCommands.all, TasteCommand.all, ExplainCommands.all,
    ModelFileCommands.all, ShellCommands.all, SparkCommands.all,
  ].flatMap { $0 }

  /// All of them by name, and what errors mean.
  public static let library = Library(
    builtins, errors: ErrorExplanation.session + ErrorExplanation.scripts,
    namespaces: Namespaces.all + FastaiNames.namespaces + [PyplotFunctions.namespace])

  /// Their descriptions.
  public static var registry: CommandRegistry { library.registry }

  /// All of that as a Markdown page.
  public static var languageReference: String { LanguageReference(registry).markdown }
}
