using HvBindgen.Generator;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;

namespace HvBindgen.Cli.Sides;

/// <summary>What one side of a comparison turned out to be.</summary>
/// <param name="Label">The side as the user named it.</param>
internal abstract record DiffSide(string Label)
{
    /// <summary>Kernel version and revision, as far as they are known.</summary>
    internal IReadOnlyList<string> Origin { get; init; } = [];

    /// <summary>Macros that each set and target is compiled with; empty where nobody knows, as of snapshots.</summary>
    internal IReadOnlyDictionary<(string Set, string Target), string> Defines { get; init; } =
        new Dictionary<(string Set, string Target), string>();

    /// <summary>What differs in them between two sides.</summary>
    internal IEnumerable<string> DefinesChangedIn(DiffSide after) => Defines
        .Where(own => after.Defines.TryGetValue(own.Key, out string? other) && other != own.Value)
        .Select(own => VisibleText.Of(
            $"{own.Key.Set} is compiled with other macros on {own.Key.Target}: {own.Value} -> {after.Defines[own.Key]}"));

    /// <summary>What it is, in words.</summary>
    internal abstract string Kind { get; }

    /// <summary>Whether it was read from snapshots, of which no compiler is known: all make the same of a header.</summary>
    internal bool IsOfSnapshots { get; init; }

    /// <summary>Why something could not be read, from why not on each side; null where both could.</summary>
    internal static string? ReasonOf(string? before, string? after) => (before, after) switch
    {
        (null, null) => null,
        (null, _) => $"second side: {after}",
        (_, null) => $"first side: {before}",
        _ when before == after => $"both sides: {before}",
        _ => $"first side: {before}; second side: {after}",
    };

    /// <summary>What the head of a report says of it.</summary>
    /// <param name="compiler">The version of the library that read the headers.</param>
    internal ComparedSide Describe(string compiler) => new(VisibleText.Of(Label), VisibleText.Of(string.Join(", ", Origin)))
    {
        Reader = IsOfSnapshots ? "snapshots" : VisibleText.Of(compiler),
    };
}

/// <summary>Models: of snapshots, or of the sets of a configuration.</summary>
/// <param name="Label">The side as the user named it.</param>
/// <param name="Models">One for each set and target.</param>
/// <param name="Unjudged">Sets that could not be read.</param>
internal sealed record ModelSide(string Label, IReadOnlyList<AbiModel> Models, IReadOnlyList<Unjudged> Unjudged) : DiffSide(Label)
{
    internal override string Kind => "made of configured sets";

    /// <summary>Without what could not be read on one of the sides.</summary>
    internal IReadOnlyList<AbiModel> ModelsBut(IReadOnlyCollection<Unjudged> left) =>
    [
        .. Models.Where(model => !left.Any(set =>
            set.Set == model.Set && (set.Targets.Count == 0 || set.Targets.AsSpan().Contains(model.Target.Name)))),
    ];
}

/// <summary>Headers without a configuration.</summary>
/// <param name="Label">The side as the user named it.</param>
/// <param name="Tree">The folder, or the one header.</param>
internal sealed record TreeSide(string Label, IncludeTree Tree) : DiffSide(Label)
{
    internal override string Kind => Tree.Only is null ? "a folder of headers" : "a header";
}
