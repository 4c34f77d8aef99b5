namespace HvBindgen.Generator.Verification;

/// <summary>Whom to ask, and about which headers: the same that the model was parsed from.</summary>
/// <param name="Compiler">The compiler, for the model's target.</param>
/// <param name="Headers">Headers as an <c>#include</c> names them, in order.</param>
/// <param name="IncludePaths">Folders where headers are looked for; after them only those of the compiler itself are.</param>
public sealed record VerifyRequest(Compiler Compiler, IReadOnlyList<string> Headers, IReadOnlyList<string> IncludePaths)
{
    /// <summary>Folder searched last: the compiler's own headers may expect those of a C library behind them.</summary>
    public string? LastFolder { get; init; }

    /// <summary>Further arguments for the compiler, those that the model was parsed with.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>Macros that C gives no value and each compiler one of its own, about which none is asked.</summary>
    public IReadOnlySet<string> Undefined { get; init; } = new HashSet<string>();

    /// <summary>Macros defined for the compiler, as <c>NAME</c> or <c>NAME=value</c>.</summary>
    public IReadOnlyList<string> Defines { get; init; } = [];
}
