namespace HvBindgen.Generator.Model;

/// <summary>A typedef.</summary>
/// <param name="Name">The new name.</param>
/// <param name="Type">The type it stands for.</param>
/// <param name="Location">Where it is declared.</param>
public sealed record AbiTypedef(string Name, AbiType Type, SourceLocation Location) : IAbiDeclaration;
