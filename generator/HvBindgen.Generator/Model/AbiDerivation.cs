namespace HvBindgen.Generator.Model;

/// <summary>What a value is made of: the names in the text that defines it.</summary>
/// <param name="Name">
/// A macro or an enumerator; for the bound of an array the record in C's spelling and the member, for example <c>struct foo.data</c>.
/// A record or a member that a macro made, spelled in the same way, is made of that macro.
/// </param>
/// <param name="Names">
/// Names in the definition that the set declares, each once, in order: macros, enumerators, and types whose size is taken, as
/// <see cref="AbiRecord.CName"/> spells them. The text itself is not kept.
/// </param>
/// <remarks>
/// It tells causes from coincidence: a constant changes because a name that it is made of changed, never because it changed by the
/// same amount. A value without a derivation is made of numbers alone, or nothing is known of it.
/// </remarks>
public sealed record AbiDerivation(string Name, EquatableArray<string> Names)
{
    /// <summary>
    /// The operators between the names, each once, in order, with spaces between them: <c>|</c> tells a set of flags from the sum of
    /// lengths that <c>+</c> is. Empty where there are none, or where a snapshot is older than that.
    /// </summary>
    public string Operators { get; init; } = "";
}

/// <summary>A header of the set's own and those that it includes directly.</summary>
/// <param name="Header">Header as an <c>#include</c> names it.</param>
/// <param name="Includes">The headers that it includes, sorted; other sets' headers too.</param>
public sealed record AbiInclusion(string Header, EquatableArray<string> Includes);
