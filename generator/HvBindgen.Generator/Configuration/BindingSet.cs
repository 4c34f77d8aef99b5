using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Files;
using HvBindgen.Generator.Inspect;
using HvBindgen.Generator.Lint;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;

namespace HvBindgen.Generator.Configuration;

/// <summary>One header set: what to parse, for which machines, and what to make of it.</summary>
/// <param name="Name">Name of the set, part of the snapshots' file names.</param>
/// <param name="Headers">Headers as an <c>#include</c> names them, in order.</param>
public sealed record BindingSet(string Name, IReadOnlyList<string> Headers)
{
    private const string Multiarch = "{multiarch}";

    /// <summary>Patterns of the headers whose declarations are the set's own.</summary>
    public required IReadOnlyList<string> Own { get; init; }

    /// <summary>
    /// Whether headers that an own one includes in quotes, from its own folder, are own too; so where the file has no "own".
    /// </summary>
    public bool OwnsQuotedIncludes { get; init; }

    /// <summary>Folders where headers are looked for, complete, with a placeholder for the target's own folder.</summary>
    public required IReadOnlyList<string> IncludePaths { get; init; }

    /// <summary>What its headers may include beside that below the include paths; null for nothing.</summary>
    public PathBounds? Bounds { get; init; }

    /// <summary>Machines that the set is made for.</summary>
    public required IReadOnlyList<TargetInfo> Targets { get; init; }

    /// <summary>Namespace of the C#.</summary>
    public required string Namespace { get; init; }

    /// <summary>Folder of the C#; empty where the configuration asks for none.</summary>
    public required string OutputPath { get; init; }

    /// <summary>Whether C# of the set is written: its configuration says where.</summary>
    public bool WritesCSharp => OutputPath.Length > 0;

    /// <summary>Folder of the snapshots.</summary>
    public required string SnapshotPath { get; init; }

    /// <summary>What the classes that are made for the set begin with.</summary>
    public string ClassPrefix { get; init; } = "";

    /// <summary>Name of the static class with the constants.</summary>
    public string ConstantsClass { get; init; } = "Constants";

    /// <summary>Namespace of the code that declarations need whatever the headers are; sets with the same share it.</summary>
    public required string SupportNamespace { get; init; }

    /// <summary>Namespace, in an assembly that is referenced, of the part of that code that callers see; null to write that too.</summary>
    public string? SharedNamespace { get; init; }

    /// <summary>The version of C#.</summary>
    public CSharpLanguage Language { get; init; } = CSharpLanguage.CSharp14;

    /// <summary>Whether the types are for their own assembly alone.</summary>
    public bool IsInternal { get; init; }

    /// <summary>How names of the headers become names in C#.</summary>
    public NameRules Names { get; init; } = new();

    /// <summary>Whether all declarations are in one file, not in files for each header.</summary>
    public bool IsOneFile { get; init; }

    /// <summary>
    /// Attributes of declarations and members, without brackets, by names as in <see cref="NameRules.Renames"/>.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Attributes { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Macros defined for every target.</summary>
    public IReadOnlyList<string> Defines { get; init; } = [];

    /// <summary>Further macros by the name of the target.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> TargetDefines { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Patterns of the declarations to keep, with what they refer to; empty keeps all.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>Further arguments for the compiler, each one of <see cref="CompilerFlags"/>.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>Patterns of records whose members are left out.</summary>
    public IReadOnlyList<string> Opaque { get; init; } = [];

    /// <summary>Patterns of declarations to leave out.</summary>
    public IReadOnlyList<string> Block { get; init; } = [];

    /// <summary>Ending of the names of enums that continue another one.</summary>
    public string? EnumContinuation { get; init; }

    /// <summary>Kinds of file descriptor with patterns of the ioctl requests that each takes.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Descriptors { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Kind of descriptor of ioctl requests that no pattern names; null where the file names none.</summary>
    public string? DefaultDescriptor { get; init; }

    /// <summary>Further argument types of ioctl requests, by the name of the macro.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<AbiType>> AlternateArguments { get; init; } =
        new Dictionary<string, IReadOnlyList<AbiType>>();

    /// <summary>What the kernel does with requests' arguments where their macros say otherwise or nothing.</summary>
    public IoctlUses IoctlUses { get; init; } = new(new Dictionary<string, IoctlUse>(), static () => MisdeclaredRequests.ByName);

    /// <summary>Patterns of macros and enumerators that are requests although they are plain numbers.</summary>
    public IReadOnlyList<string> NumberRequests { get; init; } = [];

    /// <summary>How call codes find their records; null when the headers have none.</summary>
    public CallOptions? Calls { get; init; }

    /// <summary>How messages are read; null when the headers have none.</summary>
    public MessageOptions? Messages { get; init; }

    /// <summary>What requests do beyond their own arguments; null when no table of them is wanted.</summary>
    public RequestOptions? Requests { get; init; }

    /// <summary>What values of integer members mean: an enum or a pattern of constants, by record and member.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Whose rules the headers follow when two generations are compared; <see cref="DiffPolicy.Uapi"/> where no pattern matches.
    /// </summary>
    public IReadOnlyList<PolicyRule> Policies { get; init; } = [];

    /// <summary>Patterns of constants that mark the end of a list although nothing in the headers shows it.</summary>
    public IReadOnlyList<string> EndMarkers { get; init; } = [];

    /// <summary>The include paths of one target.</summary>
    /// <param name="target">The machine.</param>
    /// <returns>Folders in the order of search.</returns>
    public IReadOnlyList<string> IncludePathsFor(TargetInfo target) =>
        [.. IncludePaths.Select(path => path.Replace(Multiarch, target.Multiarch, StringComparison.Ordinal))];

    /// <summary>The macros that one target's compiler is given.</summary>
    /// <param name="target">The machine.</param>
    /// <returns>Definitions as <c>NAME</c> or <c>NAME=value</c>.</returns>
    public IReadOnlyList<string> DefinesFor(TargetInfo target) =>
        [.. Defines, .. TargetDefines.TryGetValue(target.Name, out IReadOnlyList<string>? own) ? own : []];

    /// <summary>What the parser is to do for one target.</summary>
    /// <param name="target">The machine; it need not be one of <see cref="Targets"/>.</param>
    /// <returns>The request.</returns>
    public ParseRequest ToParseRequest(TargetInfo target) => new(Name, target, Headers, IncludePathsFor(target))
    {
        Bounds = Bounds,
        OwnHeaders = Own,
        OwnsQuotedIncludes = OwnsQuotedIncludes,
        Defines = DefinesFor(target),
        Flags = Flags,
        Opaque = Opaque,
        Block = Block,
        EnumContinuation = EnumContinuation,
        Descriptors = Descriptors,
        DefaultDescriptor = DefaultDescriptor ?? ParseRequest.UnknownDescriptor,
        NumberRequests = NumberRequests,
    };

    /// <summary>What the emitter is to do.</summary>
    /// <param name="toolVersion">Version of this tool.</param>
    /// <param name="origin">Where the headers come from; empty when that is not known.</param>
    /// <param name="inputDigest">Digest of all headers read.</param>
    /// <returns>The options.</returns>
    public EmitOptions ToEmitOptions(string toolVersion, string origin, string inputDigest) => new(Namespace, toolVersion)
    {
        Origin = origin,
        InputDigest = inputDigest,
        SupportNamespace = SupportNamespace,
        SharedNamespace = SharedNamespace,
        Language = Language,
        IsInternal = IsInternal,
        ClassPrefix = ClassPrefix,
        Names = Names,
        IsOneFile = IsOneFile,
        Attributes = Attributes,
        ConstantsClass = ConstantsClass,
        AlternateArguments = AlternateArguments,
        IoctlUses = IoctlUses,
        Calls = Calls,
        Messages = Messages,
        Requests = Requests,
    };

    /// <summary>What the rules about new declarations are told.</summary>
    /// <returns>The options.</returns>
    public LintOptions ToLintOptions() => new()
    {
        AlternateArguments = AlternateArguments,
        HasDescriptors = Descriptors.Count > 0,
        UnknownDescriptor = Descriptors.Count > 0 && DefaultDescriptor is null ? ParseRequest.UnknownDescriptor : null,
    };

    /// <summary>What a reader of the set's snapshots is told.</summary>
    /// <returns>The options.</returns>
    public InspectOptions ToInspectOptions() => new(Namespace)
    {
        Emission = ToEmitOptions("", "", ""),
        ConstantsClass = ConstantsClass,
        AlternateArguments = AlternateArguments,
        IoctlUses = IoctlUses,
        Messages = Messages,
        Values = Values,
    };
}
