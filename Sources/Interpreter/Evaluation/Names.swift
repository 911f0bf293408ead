package import CommandLanguage

/// What a command takes; `Learning` has another type of this name.
package typealias Parameter = CommandLanguage.Parameter
