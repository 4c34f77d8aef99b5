using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>
/// All that a set declares and refers to, and that the model can hold. There is no other way to one than through every step.
/// </summary>
internal sealed class CompleteDeclarations
{
    private readonly DeclarationsSoFar all;

    private CompleteDeclarations(DeclarationsSoFar all, MacroOutcome macros) => (this.all, Macros) = (all, macros);

    internal MacroOutcome Macros { get; }

    internal List<AbiRecord> Records => all.Records;

    internal List<AbiEnum> Enums => all.Enums;

    internal List<AbiTypedef> Typedefs => all.Typedefs;

    /// <summary>Reads what only the sorted macros refer to: types of constants and of arguments.</summary>
    /// <exception cref="HeaderParseException">The model cannot hold a declaration.</exception>
    internal static CompleteDeclarations Read(DeclarationReader reader, MacroOutcome macros, ParseScope scope, ParseRequest request)
    {
        DeclarationsSoFar all = reader.ReadReferenced();
        return scope.Faults.Count > 0
            ? throw new HeaderParseException(request.Set, request.Target.Name, scope.Faults) { IsUnsupported = true }
            : new CompleteDeclarations(all, macros);
    }
}
