using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>A declaration that cannot be expressed in C# as it is.</summary>
/// <param name="message">What, and why not.</param>
public sealed class EmitException(string message) : Exception(message)
{
    /// <summary>Whether two declarations would have one name.</summary>
    public bool IsNameConflict { get; private init; }

    /// <summary>Whether it is the size alone, which bytes in place of the members would have too.</summary>
    public bool IsTooLarge { get; private init; }

    // Whether the message says where the configuration asks for what cannot be.
    private bool HasPlace { get; init; }

    internal static EmitException NameConflict(string message) => new(message) { IsNameConflict = true };

    /// <summary>A name that the configuration gives and that is taken.</summary>
    internal static EmitException NameConflict(NewName name, string cName, string taken) =>
        new($"{name.Place}: {cName} cannot be called \"{name.Text}\": {taken}") { IsNameConflict = true, HasPlace = true };

    internal static EmitException TooLarge(string what, long sizeBytes) =>
        new($"{what} of {sizeBytes} bytes is larger than the runtime's limit of {ArrayTypes.MaximumBlockBytes}") { IsTooLarge = true };

    /// <summary>Several as one, with each reason once.</summary>
    internal static EmitException Of(IReadOnlyList<EmitException> refused) => refused.Count == 1
        ? refused[0]
        : new(string.Join("\n", refused.SelectMany(one => one.Message.Split('\n')).Distinct()))
        {
            IsNameConflict = refused[0].IsNameConflict,
            IsTooLarge = refused.All(one => one.IsTooLarge),
            HasPlace = true,
        };

    /// <summary>The same with the place of the declaration that it happened in.</summary>
    internal EmitException At(SourceLocation location, string declaration) => HasPlace
        ? this
        : new($"{location}: {declaration}: {Message}") { IsNameConflict = IsNameConflict, IsTooLarge = IsTooLarge };
}
