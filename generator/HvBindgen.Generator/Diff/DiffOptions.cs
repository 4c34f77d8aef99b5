namespace HvBindgen.Generator.Diff;

/// <summary>Whose rules a header follows.</summary>
public enum DiffPolicy
{
    /// <summary>Linux: what a program relies on is never broken; reserved bytes must have been checked to be zero.</summary>
    Uapi,

    /// <summary>
    /// The hypervisor's interface: banks of feature bits get names and lose them, reserved ranges shrink from release to
    /// release, and callers are told to write zero there.
    /// </summary>
    Hypervisor,
}

/// <summary>Gives headers their policy.</summary>
/// <param name="Headers">Pattern of header names, for example <c>hyperv/*.h</c>.</param>
/// <param name="Policy">Policy of the headers that match.</param>
public sealed record PolicyRule(string Headers, DiffPolicy Policy);

/// <summary>How to compare.</summary>
public sealed record DiffOptions
{
    /// <summary>Policies of the headers this tool is made for: the hypervisor's own, and our declarations of what they lack.</summary>
    public static IReadOnlyList<PolicyRule> DefaultPolicies { get; } =
        [new("hyperv/*", DiffPolicy.Hypervisor), new("vmm/*", DiffPolicy.Hypervisor)];

    /// <summary>Policies; the first whose pattern matches counts, <see cref="DiffPolicy.Uapi"/> where none does.</summary>
    public IReadOnlyList<PolicyRule> Policies { get; init; } = DefaultPolicies;

    /// <summary>Patterns of words that mark a member as reserved, see <see cref="ReservedNames"/>.</summary>
    public IReadOnlyList<string> ReservedWords { get; init; } = ReservedNames.DefaultWords;
}
