import CollabLanguage

/// What a command takes; `Learning` has another type of this name.
typealias Parameter = CollabLanguage.Parameter
