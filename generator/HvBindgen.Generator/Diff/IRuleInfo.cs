namespace HvBindgen.Generator.Diff;

/// <summary>What a rule says of itself, of <c>diff</c> or of <c>lint</c>; <c>hvbindgen explain</c> prints it.</summary>
public interface IRuleInfo
{
    /// <summary>For example <c>HV1004</c>; never reused nor given another meaning.</summary>
    string Id { get; }

    /// <summary>What happened or was found, in a few words.</summary>
    string Title { get; }

    /// <summary>The gravest verdict or severity that the rule gives, as reports write it.</summary>
    string Gravity { get; }

    /// <summary>Why it matters.</summary>
    string Explanation { get; }

    /// <summary>What to do instead, or what to make sure of.</summary>
    string Remedy { get; }
}
