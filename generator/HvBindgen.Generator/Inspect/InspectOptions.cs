using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Inspect;

/// <summary>What of a set's configuration tells a reader more than its snapshots do.</summary>
/// <param name="Namespace">Namespace of the C#.</param>
public sealed record InspectOptions(string Namespace)
{
    /// <summary>Name of the static class with the constants.</summary>
    public string ConstantsClass { get; init; } = "Constants";

    /// <summary>How the set is emitted, which decides on names; null where that is not known.</summary>
    public EmitOptions? Emission { get; init; }

    /// <summary>Further argument types of ioctl requests, by the name of the macro.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<AbiType>> AlternateArguments { get; init; } =
        new Dictionary<string, IReadOnlyList<AbiType>>();

    /// <summary>What the kernel does with arguments where the macros say otherwise or nothing.</summary>
    public IoctlUses IoctlUses { get; init; } = IoctlUses.None;

    /// <summary>How to read the set's messages; null when it has none.</summary>
    public MessageOptions? Messages { get; init; }

    /// <summary>
    /// What the values of integer members mean: by <c>record.member</c>, an enum as C spells it or a pattern of constants.
    /// </summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();
}
