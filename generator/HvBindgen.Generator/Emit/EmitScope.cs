using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>Where declarations go: the namespace all targets share, or that of one target.</summary>
/// <param name="Namespace">C# namespace.</param>
/// <param name="FileSuffix">Part of the file name before the ending, for example <c>.X64</c>; empty where shared.</param>
/// <param name="Model">Model the declarations are taken from: the only one with them, or any of several that agree.</param>
/// <param name="Types">Type mapping of that model.</param>
/// <param name="TargetNames">Targets that the declarations hold for, as the documentation names them.</param>
/// <param name="IsShared">Whether this is the shared namespace.</param>
internal sealed record EmitScope(
    string Namespace, string FileSuffix, AbiModel Model, TypeMapper Types, string TargetNames, bool IsShared)
{
    /// <summary>Records that another file of the scope says more about, by their C spelling.</summary>
    internal HashSet<string> PartialRecords { get; init; } = [];

    /// <summary>Attributes that the configuration gives.</summary>
    internal required AttributeText Attributes { get; init; }

    /// <summary>Where declarations say <c>unsafe</c>.</summary>
    internal required MemorySafety Safety { get; init; }

    /// <summary>The names of the set.</summary>
    internal NameTable Names => Types.Names;

    /// <summary>What the documentation says of the kernels that have a name of C.</summary>
    internal required Func<string, string> AvailabilityOf { get; init; }

    /// <summary>Header and targets, and the kernels that have it, for documentation. Not the line, which moves with every comment above
    /// it.</summary>
    internal string Place(SourceLocation location, string name) =>
        AvailabilityOf(name) is { Length: > 0 } availability
            ? $"{location.Header}, {TargetNames}. {availability}"
            : $"{location.Header}, {TargetNames}";
}
