namespace HvBindgen.Generator.Model;

/// <summary>A typedef.</summary>
/// <param name="Name">The new name.</param>
/// <param name="Type">The type it stands for.</param>
/// <param name="AlignBytes">Alignment as <c>_Alignof</c> gives it; 0 for a function, <c>void</c> or an incomplete type.</param>
/// <param name="Location">Where it is declared.</param>
public sealed record AbiTypedef(string Name, AbiType Type, long AlignBytes, SourceLocation Location) : IAbiDeclaration
{
    /// <inheritdoc/>
    public string CName => Name;

    /// <inheritdoc/>
    public IAbiDeclaration At(SourceLocation location) => this with { Location = location };
}
