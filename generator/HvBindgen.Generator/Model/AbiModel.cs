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

    /// <summary>Headers whose declarations depend on the compiler, sorted by name; mostly none.</summary>
    public EquatableArray<AbiCondition> CompilerConditions { get; init; } = [];

    /// <summary>Puts declarations into the model's order, the same on every run: each kind by name, ordinal.</summary>
    /// <param name="set">Name of the header set.</param>
    /// <param name="target">The machine.</param>
    /// <param name="declarations">Declarations of every kind, in any order.</param>
    /// <returns>The model, without derivations and inclusions.</returns>
    public static AbiModel Of(string set, TargetInfo target, IReadOnlyCollection<IAbiDeclaration> declarations)
    {
        EquatableArray<T> Sorted<T>()
            where T : IAbiDeclaration =>
            EquatableArray.From(declarations.OfType<T>().OrderBy(static declaration => declaration.CName, StringComparer.Ordinal));
        return new AbiModel(
            set, target, Sorted<AbiRecord>(), Sorted<AbiEnum>(), Sorted<AbiConstant>(), Sorted<AbiIoctl>(), Sorted<AbiTypedef>(),
            Sorted<AbiMacro>());
    }

    /// <summary>All declarations, of whatever kind.</summary>
    public IEnumerable<IAbiDeclaration> Declarations => [.. Records, .. Enums, .. Constants, .. Ioctls, .. Typedefs, .. Macros];

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

    /// <summary>The same declarations, of which those in one header stand in another one.</summary>
    /// <param name="old">Name of the header.</param>
    /// <param name="now">The name to be.</param>
    /// <returns>A copy. Places of members and enumerators stay as they are.</returns>
    public AbiModel WithHeader(string old, string now)
    {
        string Named(string header) => header == old ? now : header;
        EquatableArray<T> Moved<T>(EquatableArray<T> items)
            where T : IAbiDeclaration =>
            Mapped(items, item => item.Location.Header == old ? (T)item.At(item.Location with { Header = now }) : item);
        return this with
        {
            Records = Moved(Records),
            Enums = Moved(Enums),
            Constants = Moved(Constants),
            Ioctls = Moved(Ioctls),
            Typedefs = Moved(Typedefs),
            Macros = Moved(Macros),
            CompilerConditions = Mapped(
                CompilerConditions, condition => condition with { Header = Named(condition.Header) }),
            Inclusions = Mapped(
                Inclusions, inclusion => new AbiInclusion(Named(inclusion.Header), Mapped(inclusion.Includes, Named))),
        };
    }

    /// <inheritdoc/>
    public bool Equals(AbiModel? other) =>
        other is not null && Set == other.Set && Target == other.Target && Records == other.Records && Enums == other.Enums
        && Constants == other.Constants && Ioctls == other.Ioctls && Typedefs == other.Typedefs && Macros == other.Macros
        && Derivations == other.Derivations && Inclusions == other.Inclusions && CompilerConditions == other.CompilerConditions;

    private static EquatableArray<T> Mapped<T>(EquatableArray<T> items, Func<T, T> map) => EquatableArray.From([.. items.Select(map)]);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Set, Target, Records.Count, Enums, Constants.Count, Ioctls);
}
