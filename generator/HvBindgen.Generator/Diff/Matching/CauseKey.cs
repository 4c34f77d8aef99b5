namespace HvBindgen.Generator.Diff.Matching;

/// <summary>
/// What a change can follow from: a declaration, by <see cref="DeclarationPair.Key"/>, or one enumerator of an enum. A macro may have an
/// enumerator's name.
/// </summary>
/// <param name="Name">The key of the declaration, or the name of the enumerator.</param>
/// <param name="IsEnumerator">Which of the two it is.</param>
internal readonly record struct CauseKey(string Name, bool IsEnumerator)
{
    internal static CauseKey OfDeclaration(string key) => new(key, IsEnumerator: false);

    internal static CauseKey OfEnumerator(string name) => new(name, IsEnumerator: true);
}
