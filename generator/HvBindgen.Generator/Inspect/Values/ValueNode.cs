using HvBindgen.Generator.Inspect.Layout;

namespace HvBindgen.Generator.Inspect.Values;

/// <summary>A member with what the bytes say it is.</summary>
/// <param name="Member">The member.</param>
/// <param name="Text">Its value; empty for a record, which has none of its own.</param>
/// <param name="Meaning">Names that stand for the value.</param>
/// <param name="IsMissing">Whether the bytes end before it does.</param>
internal sealed record ValueNode(MemberNode Member, string Text, IReadOnlyList<string> Meaning, bool IsMissing)
{
    /// <summary>What is inside the member.</summary>
    internal IReadOnlyList<ValueNode> Children { get; init; } = [];

    /// <summary>Whether all its bytes are zero.</summary>
    internal bool IsZero { get; init; }
}
