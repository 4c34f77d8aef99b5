using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>How names of the headers become names in C#. Without a rule they are the kernel's, letter for letter.</summary>
public sealed record NameRules
{
    /// <summary>What types, constants, enumerators and requests lose at the front of their names; the longest that fits.</summary>
    public IReadOnlyList<string> StripPrefixes { get; init; } = [];

    /// <summary>
    /// New names: by <c>NAME</c> or <c>struct name</c> for a declaration or an enumerator, by <c>struct name.member</c> for a member.
    /// </summary>
    public IReadOnlyDictionary<string, NewName> Renames { get; init; } = new Dictionary<string, NewName>();
}

/// <summary>A name that the configuration gives.</summary>
/// <param name="Text">The name in C#.</param>
/// <param name="Place">Where the configuration says so, for messages.</param>
public sealed record NewName(string Text, string Place);

/// <summary>A declaration or a member that could not keep its name in C#.</summary>
/// <param name="CName">How C spells it; a member with its record.</param>
/// <param name="CSharpName">What it is called instead.</param>
/// <param name="Location">Where it is declared.</param>
/// <param name="Reason">Why, as the end of a sentence: <c>generated code uses that name</c>.</param>
public sealed record NameChange(string CName, string CSharpName, SourceLocation Location, string Reason);
