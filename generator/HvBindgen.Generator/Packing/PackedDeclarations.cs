using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Packing;

/// <summary>Which declarations a catalog holds, and as what.</summary>
internal static class PackedDeclarations
{
    /// <summary>Those of a model: all but macros that make no request. What a macro's text was is not kept.</summary>
    internal static IEnumerable<IAbiDeclaration> Of(AbiModel model) =>
    [
        .. model.Declarations.Where(declaration => declaration is not AbiMacro),
        .. model.Index.FunctionRequests.Select(request => request.Macro with { Digest = "" }),
    ];

    /// <summary>What a declaration is in a catalog.</summary>
    /// <exception cref="ArgumentException">No catalog holds declarations of its kind.</exception>
    internal static PackedKind KindOf(IAbiDeclaration declaration) => declaration switch
    {
        AbiRecord => PackedKind.Record,
        AbiEnum => PackedKind.Enum,
        AbiConstant => PackedKind.Constant,
        AbiIoctl => PackedKind.Ioctl,
        AbiTypedef => PackedKind.Typedef,
        AbiMacro => PackedKind.FunctionRequest,
        _ => throw new ArgumentException($"{declaration.GetType().Name} is no declaration that a catalog holds"),
    };
}
