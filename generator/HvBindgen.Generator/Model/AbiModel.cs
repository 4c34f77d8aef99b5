namespace HvBindgen.Generator.Model;

/// <summary>Everything a set of headers declares, as one target's compiler sees it. Immutable; equal when all facts are.</summary>
/// <param name="Set">Name of the header set, for example <c>mshv</c>.</param>
/// <param name="Target">The machine.</param>
/// <param name="Records">Structs and unions: the set's own, and those they refer to.</param>
/// <param name="Enums">Enums, anonymous ones included.</param>
/// <param name="Constants">Macros that have a value and are no ioctl request.</param>
/// <param name="Ioctls">ioctl requests.</param>
/// <param name="Typedefs">The set's own typedefs and those that other declarations name.</param>
/// <param name="Macros">Macros without a value.</param>
public sealed record AbiModel(
    string Set,
    TargetInfo Target,
    EquatableArray<AbiRecord> Records,
    EquatableArray<AbiEnum> Enums,
    EquatableArray<AbiConstant> Constants,
    EquatableArray<AbiIoctl> Ioctls,
    EquatableArray<AbiTypedef> Typedefs,
    EquatableArray<AbiMacro> Macros)
{
    private ModelIndex? index;

    /// <summary>What values are made of, sorted by name; empty for a model read from a snapshot that is older than these.</summary>
    public EquatableArray<AbiDerivation> Derivations { get; init; } = [];

    /// <summary>Which header includes which, sorted by header; empty for a model read from a snapshot that is older than these.</summary>
    public EquatableArray<AbiInclusion> Inclusions { get; init; } = [];

    /// <summary>Declarations by name, built when first asked for.</summary>
    internal ModelIndex Index
    {
        get
        {
            // A copy made by "with" starts with the original's index, which is not its own.
            if (index is null || !ReferenceEquals(index.Model, this))
            {
                index = new ModelIndex(this);
            }

            return index;
        }
    }

    /// <inheritdoc/>
    public bool Equals(AbiModel? other) =>
        other is not null && Set == other.Set && Target == other.Target && Records == other.Records && Enums == other.Enums
        && Constants == other.Constants && Ioctls == other.Ioctls && Typedefs == other.Typedefs && Macros == other.Macros
        && Derivations == other.Derivations && Inclusions == other.Inclusions;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Set, Target, Records.Count, Enums, Constants.Count, Ioctls);
}
