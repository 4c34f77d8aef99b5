namespace HvBindgen.Generator.Emit;

/// <summary>The names of one place in C#, a namespace or a type. Who comes first has a name; who comes later gets underscores.</summary>
internal sealed class NameClaims
{
    private readonly Dictionary<string, string> taken = new(StringComparer.Ordinal);

    /// <summary>Takes a name out of use, or claims it for something that has to be called so.</summary>
    /// <param name="name">The name.</param>
    /// <param name="reason">Why nothing else can have it, as the end of a sentence.</param>
    /// <returns>Whether it was free.</returns>
    internal bool Reserve(string name, string reason) => taken.TryAdd(name, reason);

    /// <summary>Why a name is not free; null when it is.</summary>
    internal string? WhyNot(string name) => taken.GetValueOrDefault(name);

    /// <summary>Claims a name, or the first one with underscores behind it that is free.</summary>
    /// <param name="name">The name wanted.</param>
    /// <param name="reason">What to tell others that want it.</param>
    internal string Claim(string name, string reason)
    {
        while (!taken.TryAdd(name, reason))
        {
            name += "_";
        }

        return name;
    }
}
