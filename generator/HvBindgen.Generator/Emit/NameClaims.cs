namespace HvBindgen.Generator.Emit;

/// <summary>The names of one place in C#, a namespace or a type. Who comes first has a name; who comes later gets underscores.</summary>
/// <param name="always">Names that nothing in such a place can have, each with the reason.</param>
internal sealed class NameClaims(IReadOnlyDictionary<string, string>? always = null)
{
    private readonly Dictionary<string, ClaimReason> taken = new(StringComparer.Ordinal);

    /// <summary>Takes a name out of use, or claims it for something that has to be called so.</summary>
    /// <param name="name">The name.</param>
    /// <param name="reason">Why nothing else can have it, as the end of a sentence.</param>
    /// <returns>Whether it was free.</returns>
    internal bool Reserve(string name, ClaimReason reason) => always?.ContainsKey(name) != true && taken.TryAdd(name, reason);

    /// <summary>Takes a name out of use for a reason that goes before others.</summary>
    internal void Insist(string name, ClaimReason reason) => taken[name] = reason;

    /// <summary>Why a name is not free; null when it is.</summary>
    internal string? WhyNot(string name) =>
        taken.TryGetValue(name, out ClaimReason reason) ? reason.ToString()
            : always is not null && always.TryGetValue(name, out string? text) ? text
            : null;

    /// <summary>Whether nothing has a name.</summary>
    internal bool IsFree(string name) => !taken.ContainsKey(name) && always?.ContainsKey(name) != true;

    /// <summary>Claims a name, or the first one with underscores behind it that is free.</summary>
    /// <param name="name">The name wanted.</param>
    /// <param name="reason">What to tell others that want it.</param>
    internal string Claim(string name, ClaimReason reason)
    {
        while (!Reserve(name, reason))
        {
            name += "_";
        }

        return name;
    }
}

/// <summary>Why a name is taken, as the end of a sentence, put together only where somebody is told.</summary>
/// <param name="Before">What stands before the subject.</param>
/// <param name="Subject">Who has the name.</param>
/// <param name="After">What stands behind it.</param>
internal readonly record struct ClaimReason(string Before, string Subject = "", string After = "")
{
    public static implicit operator ClaimReason(string text) => new(text);

    public override string ToString() => Before + Subject + After;
}
