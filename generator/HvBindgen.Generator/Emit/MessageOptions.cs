namespace HvBindgen.Generator.Emit;

/// <summary>Messages whose header tells which record their payload is.</summary>
/// <param name="Record">Record of a whole message, as C spells it.</param>
/// <param name="Type">Member that holds the type, with dots.</param>
/// <param name="Size">Member that holds the payload's size in bytes.</param>
/// <param name="Payload">Member where the payload starts.</param>
/// <param name="Types">Enum of the types, as C spells it.</param>
public sealed record MessageOptions(string Record, string Type, string Size, string Payload, string Types)
{
    /// <summary>Name of the static class with the table of messages; null emits none.</summary>
    public string? Class { get; init; }

    /// <summary>Records that payloads begin with, as C spells them, by target.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Records of payloads, as C spells them, by target and by enumerator of the type.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Payloads { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>();
}
