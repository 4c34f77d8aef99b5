using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Lint;

/// <summary>What the headers of a set do not say themselves.</summary>
public sealed record LintOptions
{
    /// <summary>Further argument types of requests, by the name of the macro.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<AbiType>> AlternateArguments { get; init; } =
        new Dictionary<string, IReadOnlyList<AbiType>>();

    /// <summary>
    /// Whether anybody said which kinds of descriptor take which requests. If not, requests of one number may still be taken by
    /// different descriptors.
    /// </summary>
    public bool HasDescriptors { get; init; }

    /// <summary>Kind of descriptor of requests that nobody gave one; null where each has one, or none has.</summary>
    public string? UnknownDescriptor { get; init; }
}
