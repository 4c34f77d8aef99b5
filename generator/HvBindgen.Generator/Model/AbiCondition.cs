namespace HvBindgen.Generator.Model;

/// <summary>A header that declares something only for some compilers, or in some of their versions.</summary>
/// <param name="Header">The header's name.</param>
/// <param name="Macros">Macros of compilers that its conditions name, sorted.</param>
public sealed record AbiCondition(string Header, EquatableArray<string> Macros);
