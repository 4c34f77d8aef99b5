using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>Makes a model of all that was read.</summary>
internal static class ModelAssembly
{
    internal static AbiModel Assemble(ParseRequest request, CompleteDeclarations declarations, DerivationReader derivations)
    {
        List<AbiEnum> enums = request.EnumContinuation is { } ending ? EnumReader.Continue(declarations.Enums, ending) : declarations.Enums;
        MacroOutcome macros = declarations.Macros;
        AbiModel model = AbiModel.Of(
            request.Set,
            request.Target,
            [.. declarations.Records, .. enums, .. macros.Constants, .. macros.Ioctls, .. declarations.Typedefs, .. macros.Macros]);
        return model with
        {
            Derivations = derivations.Among(model),
            Inclusions = derivations.Inclusions(),
            CompilerConditions = derivations.Conditions(),
        };
    }
}
