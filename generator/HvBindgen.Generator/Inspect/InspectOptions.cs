namespace HvBindgen.Generator.Inspect;

/// <summary>What of a set's configuration tells a reader more than its snapshots do.</summary>
/// <param name="Namespace">Namespace of the C#.</param>
public sealed record InspectOptions(string Namespace)
{
    /// <summary>Name of the static class with the constants.</summary>
    public string ConstantsClass { get; init; } = "Constants";

    /// <summary>Further argument types of ioctl requests, by the name of the macro.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> AlternateArguments { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>How to read the set's messages; null when it has none.</summary>
    public MessageOptions? Messages { get; init; }

    /// <summary>
    /// What the values of integer members mean: by <c>record.member</c>, an enum as C spells it or a pattern of constants.
    /// </summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();
}

/// <summary>Messages whose header tells which record their payload is.</summary>
/// <param name="Record">Record of a whole message, as C spells it.</param>
/// <param name="Type">Member that holds the type, with dots.</param>
/// <param name="Size">Member that holds the payload's size in bytes.</param>
/// <param name="Payload">Member where the payload starts.</param>
/// <param name="Types">Enum of the types, as C spells it.</param>
public sealed record MessageOptions(string Record, string Type, string Size, string Payload, string Types)
{
    /// <summary>Records of payloads, as C spells them, by target and by enumerator of the type.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Payloads { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>();
}
