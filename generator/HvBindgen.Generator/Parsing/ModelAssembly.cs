using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>Puts what was read into the model's order, the same on every run: by name, ordinal.</summary>
internal static class ModelAssembly
{
    internal static AbiModel Assemble(ParseRequest request, CompleteDeclarations declarations, DerivationReader derivations)
    {
        List<AbiEnum> enums = request.EnumContinuation is { } ending ? EnumReader.Continue(declarations.Enums, ending) : declarations.Enums;
        AbiModel model = new(
            request.Set,
            request.Target,
            Sorted(declarations.Records, record => record.CName),
            Sorted(enums, @enum => @enum.CName),
            Sorted(declarations.Macros.Constants, constant => constant.Name),
            Sorted(declarations.Macros.Ioctls, ioctl => ioctl.Name),
            Sorted(declarations.Typedefs, typedef => typedef.Name),
            Sorted(declarations.Macros.Macros, macro => macro.Name));
        return model with { Derivations = derivations.Among(model), Inclusions = derivations.Inclusions() };
    }

    private static EquatableArray<T> Sorted<T>(List<T> items, Func<T, string> key) =>
        EquatableArray.From(items.OrderBy(key, StringComparer.Ordinal));
}
