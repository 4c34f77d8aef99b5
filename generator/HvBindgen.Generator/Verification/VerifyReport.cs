namespace HvBindgen.Generator.Verification;

/// <summary>What a compiler said to the facts of a model.</summary>
/// <param name="Compiler">Who was asked.</param>
/// <param name="Agreed">Number of facts that the compiler gave the same answer to.</param>
/// <param name="Disagreements">Facts that it sees otherwise.</param>
public sealed record VerifyReport(Compiler Compiler, int Agreed, IReadOnlyList<Disagreement> Disagreements)
{
    /// <summary>Facts of the model that could not be put to the compiler, each with its reason. They count neither way.</summary>
    public IReadOnlyList<NotAskedFact> NotAsked { get; init; } = [];

    /// <summary>The compiler's own answers, by the facts that it was asked about.</summary>
    public IReadOnlyDictionary<string, string> Answers { get; init; } = new Dictionary<string, string>();
}

/// <summary>One fact that model and compiler see differently.</summary>
/// <param name="Fact">Which one, for example <c>struct foo.bar: offset in bits</c>.</param>
/// <param name="Expected">What the model says.</param>
/// <param name="Actual">What the compiler says; its own words where it refuses the question.</param>
public sealed record Disagreement(string Fact, string Expected, string Actual)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Fact}: the model says {Expected}, the compiler {Actual}";
}

/// <summary>One fact that C has no way to ask about.</summary>
/// <param name="Fact">Which one.</param>
/// <param name="Reason">Why, and what stands in for it where something does.</param>
public sealed record NotAskedFact(string Fact, string Reason);
