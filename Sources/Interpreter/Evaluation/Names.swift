package import CollabLanguage

/// What a command takes; `Learning` has another type of this name.
package typealias Parameter = CollabLanguage.Parameter
