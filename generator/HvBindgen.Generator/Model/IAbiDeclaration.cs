namespace HvBindgen.Generator.Model;

/// <summary>Anything a header declares under a name.</summary>
public interface IAbiDeclaration
{
    /// <summary>Name in the header; empty for an anonymous enum.</summary>
    string Name { get; }

    /// <summary>Where it is declared.</summary>
    SourceLocation Location { get; }
}
