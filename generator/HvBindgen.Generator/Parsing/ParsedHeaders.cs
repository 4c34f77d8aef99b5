using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>The result of a parse.</summary>
/// <param name="Model">What the headers declare.</param>
/// <param name="Omitted">What they declare too and the model does not hold, each with the reason.</param>
/// <param name="InputDigest">SHA-256, in hexadecimal, over the names and contents of all headers that were read.</param>
public sealed record ParsedHeaders(AbiModel Model, IReadOnlyList<OmittedDeclaration> Omitted, string InputDigest)
{
    /// <summary>The files that were read, as clang opened them.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>What clang warns of in the set's own headers: suspicious, and accepted by C compilers.</summary>
    public IReadOnlyList<HeaderFault> Warnings { get; init; } = [];

    /// <summary>Macros, left out, that C gives no value and each compiler one of its own: <c>1 &lt;&lt; 33</c>, <c>1.0q</c>.</summary>
    public IReadOnlySet<string> Undefined { get; init; } = new HashSet<string>();
}

/// <summary>A declaration that has no place in the bindings.</summary>
/// <param name="Name">Name in the header.</param>
/// <param name="Kind">What it is in C: function, variable, macro, ...</param>
/// <param name="Location">Where it stands.</param>
/// <param name="Reason">Why it is left out.</param>
public sealed record OmittedDeclaration(string Name, string Kind, SourceLocation Location, string Reason);
