namespace HvBindgen.Generator.Model;

/// <summary>Anything a header declares under a name.</summary>
public interface IAbiDeclaration
{
    /// <summary>Name in the header; empty for an anonymous enum.</summary>
    string Name { get; }

    /// <summary>What tells it from others of its kind: the name as C spells it, with <c>struct</c> and the like.</summary>
    string CName { get; }

    /// <summary>Where it is declared.</summary>
    SourceLocation Location { get; }

    /// <summary>The same declaration in another place.</summary>
    /// <param name="location">The place.</param>
    /// <returns>A copy. Places of members and enumerators stay as they are.</returns>
    IAbiDeclaration At(SourceLocation location);
}
