using System.Globalization;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>How a set's C# is named and described.</summary>
/// <param name="Namespace">Namespace of declarations that are the same on all targets.</param>
/// <param name="ToolVersion">Version of this tool.</param>
public sealed record EmitOptions(string Namespace, string ToolVersion)
{
    /// <summary>Where the headers come from, for example <c>Linux 7.3.4</c>; empty when that is not known.</summary>
    public string Origin { get; init; } = "";

    /// <summary>Digest of all headers read; empty when that is not known.</summary>
    public string InputDigest { get; init; } = "";

    /// <summary>
    /// Namespace of the code that declarations need whatever the headers are; null for that of the declarations. Sets of one
    /// assembly share it.
    /// </summary>
    public string? SupportNamespace { get; init; }

    /// <summary>Namespace, in an assembly that is referenced, of the part of that code that callers see; null to emit that too.</summary>
    public string? SharedNamespace { get; init; }

    /// <summary>The version of C#.</summary>
    public CSharpLanguage Language { get; init; } = CSharpLanguage.CSharp14;

    /// <summary>Whether the types are for their own assembly alone.</summary>
    public bool IsInternal { get; init; }

    /// <summary>
    /// Types that are for other assemblies too where <see cref="IsInternal"/> keeps the rest, by name; what callers need of the code
    /// that is the same for all headers is with them.
    /// </summary>
    public IReadOnlyCollection<string> PublicTypes { get; init; } = [];

    /// <summary>
    /// Constants and requests that are for other assemblies too, by their names in C, where their class is one of
    /// <see cref="PublicTypes"/>; all of them where none is named.
    /// </summary>
    public IReadOnlyCollection<string> PublicMembers { get; init; } = [];

    /// <summary>What documentation says of the kernels that have a name of C; empty where nothing is known.</summary>
    public Func<string, string> AvailabilityOf { get; init; } = _ => "";

    /// <summary>
    /// Whether constants that differ between targets have properties, in the class that all share, which pick by the machine that the
    /// process runs on.
    /// </summary>
    public bool PicksByArchitecture { get; init; }

    /// <summary>
    /// Whether requests have methods that take their arguments by reference or as a span, beside those that take an address.
    /// </summary>
    public bool HasFriendlyOverloads { get; init; } = true;

    /// <summary>What the assembly that the code goes into allows.</summary>
    public EmitSurroundings Surroundings { get; init; } = new();

    /// <summary>How names of the headers become names in C#.</summary>
    public NameRules Names { get; init; } = new();

    /// <summary>Whether all declarations are in one file, not in files for each header.</summary>
    public bool IsOneFile { get; init; }

    /// <summary>
    /// Attributes of declarations and members, without brackets, by names as in <see cref="NameRules.Renames"/>.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Attributes { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>What the classes that are made for the set begin with, so that those of two sets can be used together.</summary>
    public string ClassPrefix { get; init; } = "";

    /// <summary>Name of the static class with the constants.</summary>
    public string ConstantsClass { get; init; } = "Constants";

    /// <summary>Further types that an ioctl request takes, by the name of its macro.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<AbiType>> AlternateArguments { get; init; } =
        new Dictionary<string, IReadOnlyList<AbiType>>();

    /// <summary>What the kernel does with arguments where the macros say otherwise or nothing.</summary>
    public IoctlUses IoctlUses { get; init; } = IoctlUses.None;

    /// <summary>Whether a constant or request is kept from other assemblies though its class is not.</summary>
    internal bool Hides(string name) => IsInternal && PublicMembers.Count > 0 && !PublicMembers.Contains(name);

    /// <summary>
    /// Name of the type of arrays of a length. One that the shared types lack is the set's own, and begins as its classes do.
    /// </summary>
    internal string ArrayName(long length)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"Array{length}");
        return SharedNamespace is null || SupportEmitter.SharedArrays.Contains(name) ? name : ClassPrefix + name;
    }

    /// <summary>Name of the type of so many bytes. The shared types have none.</summary>
    internal string BlockName(long sizeBytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{(SharedNamespace is null ? "" : ClassPrefix)}Block{sizeBytes}");

    /// <summary>Name of the class that compares the layout with C's.</summary>
    internal string LayoutClass => $"{ClassPrefix}AbiLayout";

    /// <summary>Name of the enum of the kinds of descriptor.</summary>
    internal string KindsName => $"{ClassPrefix}DescriptorKind";

    /// <summary>Name of the class with the requests of a kind of descriptor.</summary>
    internal string IoctlClass(string descriptor) => $"{ClassPrefix}{NamePolicy.DescriptorKind(descriptor)}Ioctls";

    /// <summary>Calls by number whose code has input and output records; null when the headers have none.</summary>
    public CallOptions? Calls { get; init; }

    /// <summary>Messages and the records of their payloads; null when the headers have none.</summary>
    public MessageOptions? Messages { get; init; }

    /// <summary>What requests do beyond their own arguments; null when no table of them is wanted.</summary>
    public RequestOptions? Requests { get; init; }
}

/// <summary>How call codes find their records.</summary>
/// <param name="Class">Name of the static class.</param>
/// <param name="CodePrefix">Prefix of the macros that give call codes.</param>
/// <param name="InputPrefix">Prefix of the input record's tag; the rest is the code's name in lower case.</param>
/// <param name="OutputPrefix">Prefix of the output record's tag.</param>
public sealed record CallOptions(string Class, string CodePrefix, string InputPrefix, string OutputPrefix)
{
    /// <summary>Tags of input and output where names do not match; an empty output means none.</summary>
    public IReadOnlyDictionary<string, (string Input, string Output)> Pairs { get; init; } = new Dictionary<string, (string, string)>();
}
