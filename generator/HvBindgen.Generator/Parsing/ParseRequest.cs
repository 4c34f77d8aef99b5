using HvBindgen.Generator.Files;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>What to parse: one header set for one target.</summary>
/// <param name="Set">Name of the set, for messages and the model.</param>
/// <param name="Target">The machine.</param>
/// <param name="Headers">Headers as an <c>#include</c> names them, in order.</param>
/// <param name="IncludePaths">Folders where headers are looked for; after them only <see cref="FreestandingHeaders"/> are.</param>
public sealed record ParseRequest(string Set, TargetInfo Target, IReadOnlyList<string> Headers, IReadOnlyList<string> IncludePaths)
{
    /// <summary>Kind of descriptor where nobody says which one takes a request.</summary>
    public const string UnknownDescriptor = "fd";

    /// <summary>The folders in the order of search, those that every set has included.</summary>
    public IReadOnlyList<string> SearchedFolders => [.. IncludePaths, FreestandingHeaders.Folder];

    /// <summary>Patterns of the headers whose declarations are the set's own. Others contribute what those refer to.</summary>
    public IReadOnlyList<string> OwnHeaders { get; init; } = Headers;

    /// <summary>What headers may include beside that below the include paths; null for nothing.</summary>
    public PathBounds? Bounds { get; init; }

    /// <summary>
    /// Whether what an own header includes in quotes, from its own folder, is own too: a header that is split goes on as one.
    /// </summary>
    public bool OwnsQuotedIncludes { get; init; } = true;

    /// <summary>
    /// Time in which the parse must come to its end; <see cref="Timeout.InfiniteTimeSpan"/> where another process watches it.
    /// </summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Comes to its end when libclang is loaded (<see cref="Clang.LibClangLocator"/>), for whoever loads it meanwhile: the headers' text
    /// is read before.
    /// </summary>
    public Task Compiler { get; init; } = Task.CompletedTask;

    /// <summary>What headers are read into; other requests may be given the same, also while this one is parsed.</summary>
    public HeaderTexts Texts { get; init; } = new();

    /// <summary>Where to say what the time is spent on; null where nobody asks.</summary>
    public StageTimes? Times { get; init; }

    /// <summary>Macros defined for the compiler, as <c>NAME</c> or <c>NAME=value</c>.</summary>
    public IReadOnlyList<string> Defines { get; init; } = [];

    /// <summary>Further arguments for the compiler, each one of <see cref="CompilerFlags"/>.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>Patterns of records whose members are left out: their size and alignment are what is known of them.</summary>
    public IReadOnlyList<string> Opaque { get; init; } = [];

    /// <summary>Patterns of declarations that are left out, by name.</summary>
    public IReadOnlyList<string> Block { get; init; } = [];

    /// <summary>
    /// Ending of the names of enums that continue another one: with <c>__more</c>, <c>foo__more</c> continues <c>foo</c>.
    /// </summary>
    public string? EnumContinuation { get; init; }

    /// <summary>Kinds of file descriptor with patterns of the ioctl requests that each takes.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Descriptors { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Kind of descriptor of ioctl requests that no pattern names.</summary>
    public string DefaultDescriptor { get; init; } = UnknownDescriptor;

    /// <summary>Patterns of macros and enumerators that are ioctl requests although they are plain numbers.</summary>
    public IReadOnlyList<string> NumberRequests { get; init; } = [];
}
