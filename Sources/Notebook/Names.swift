import CommandLanguage

/// What a command takes; `Learning` has another type of this name.
typealias Parameter = CommandLanguage.Parameter
