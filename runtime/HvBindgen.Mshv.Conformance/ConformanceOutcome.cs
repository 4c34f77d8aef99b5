using System.Diagnostics.CodeAnalysis;

namespace HvBindgen.Mshv.Conformance;

/// <summary>What a device answered to a case. As a line: name, two colons, text.</summary>
/// <param name="Name">The case.</param>
/// <param name="Text">The answers, in order.</param>
internal sealed record ConformanceOutcome(string Name, string Text)
{
    private const string Separator = " :: ";

    /// <summary>Reads a line; comments begin with <c>#</c>.</summary>
    internal static bool TryParse(string line, [NotNullWhen(true)] out ConformanceOutcome? outcome)
    {
        int at = line.StartsWith('#') ? -1 : line.IndexOf(Separator, StringComparison.Ordinal);
        outcome = at < 0 ? null : new ConformanceOutcome(line[..at], line[(at + Separator.Length)..]);
        return outcome is not null;
    }

    public override string ToString() => Name + Separator + Text;
}
