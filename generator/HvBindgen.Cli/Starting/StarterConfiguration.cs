using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Files;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;

namespace HvBindgen.Cli.Starting;

/// <summary>The set that <c>init</c> writes.</summary>
/// <param name="Set">Its name.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Namespace">Namespace of the C#.</param>
/// <param name="IncludePaths">Where headers are looked for, complete.</param>
/// <param name="Targets">Names of known targets.</param>
internal sealed record StarterConfiguration(
    string Set, IReadOnlyList<string> Headers, string Namespace, IReadOnlyList<string> IncludePaths, IReadOnlyList<string> Targets)
{
    /// <summary>Where a distribution has headers: of the machine itself, of others for cross compilers, of all machines.</summary>
    internal static readonly IReadOnlyList<string> DistributionFolders =
    [
        "/usr/include/{multiarch}",
        "/usr/{multiarch}/include",
        "/usr/include",
    ];

    private static readonly JsonWriterOptions Indented =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Patterns of the headers whose declarations are the set's; empty for its own headers.</summary>
    internal IReadOnlyList<string> Own { get; init; } = [];

    /// <summary>Macros given to the compiler.</summary>
    internal IReadOnlyList<string> Defines { get; init; } = [];

    /// <summary>Patterns of declarations to leave out.</summary>
    internal IReadOnlyList<string> Block { get; init; } = [];

    /// <summary>What is asked of the C#.</summary>
    internal CSharpChoices CSharp { get; init; } = new();

    /// <summary>The set of the same project that has the support code; null for the first set.</summary>
    internal BindingSet? First { get; init; }

    /// <summary>The same with the current folder as the last include path, where it has a header that no other folder has.</summary>
    internal StarterConfiguration WithCurrentFolder()
    {
        string here = Directory.GetCurrentDirectory();
        bool isNeeded = Targets.Select(BindingConfiguration.RequireTarget)
            .SelectMany(target => Missing(target, IncludePaths, Headers)).Any(header => File.Exists(Path.Combine(here, header)));
        return isNeeded ? this with { IncludePaths = [.. IncludePaths, here] } : this;
    }

    /// <summary>A folder as a configuration names it: from its own folder in one repository, which others have elsewhere.</summary>
    /// <param name="folder">The folder, complete.</param>
    /// <param name="configuration">The configuration's path.</param>
    internal static string Written(string folder, string configuration)
    {
        PathBounds repository = PathBounds.Around(configuration) with { Allowed = [] };
        return repository.MayWrite(folder) ? Path.GetRelativePath(Path.GetDirectoryName(configuration)!, folder) : folder;
    }

    /// <summary>Passes when the headers are where they are looked for: a configuration that does not work helps nobody.</summary>
    /// <exception cref="HeadersMissingException">One is not.</exception>
    internal void Check()
    {
        foreach (TargetInfo target in Targets.Select(BindingConfiguration.RequireTarget))
        {
            Require(target, IncludePaths, Headers);
        }
    }

    /// <summary>Passes when headers are found for a target, and what is the target's own in them too.</summary>
    /// <exception cref="HeadersMissingException">One is not.</exception>
    internal static void Require(TargetInfo target, IReadOnlyList<string> includePaths, IReadOnlyList<string> headers)
    {
        string[] paths = PathsOf(target, includePaths);
        string[] missing = Missing(target, includePaths, headers);
        if (missing.Length > 0)
        {
            string places = string.Join(", ", paths.Append("the current folder"));
            throw new HeadersMissingException(
                $"not found for {target.Name}: {string.Join(", ", missing)}; looked in {places}",
                "Name the folder with --include, or install the headers (Debian: apt-get install linux-libc-dev).");
        }

        // Nearly every header of the kernel needs the machine's own half of linux/types.h.
        if (Finds(paths, "linux/types.h") && !Finds(paths, "asm/types.h"))
        {
            throw new HeadersMissingException(
                $"not found for {target.Name}: asm/types.h, which linux/types.h includes; looked in {string.Join(", ", paths)}",
                $"Install that machine's headers (Debian: apt-get install {PackageOf(target)}), or name their folder with --include.");
        }
    }

    /// <summary>The headers that no folder has for a target.</summary>
    internal static string[] Missing(TargetInfo target, IReadOnlyList<string> includePaths, IReadOnlyList<string> headers)
    {
        string[] paths = PathsOf(target, includePaths);
        return [.. headers.Where(header => !Finds(paths, header))];
    }

    private static string[] PathsOf(TargetInfo target, IReadOnlyList<string> includePaths) =>
        [.. includePaths.Select(path => path.Replace("{multiarch}", target.Multiarch, StringComparison.Ordinal))];

    // The parser finds the tool's own headers behind all others.
    private static bool Finds(string[] paths, string header) =>
        paths.Append(FreestandingHeaders.Folder).Any(path => File.Exists(Path.Combine(path, header)));

    /// <summary>The text of a file with this set alone.</summary>
    internal string ToJson(string schema, string configuration) => Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("$schema", schema);
        WriteList(writer, "targets", Targets);
        writer.WriteStartArray("sets");
        WriteSet(writer, configuration, hasTargets: false);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }) + "\n";

    /// <summary>The text of the set alone, for a file that is there.</summary>
    internal string SetToJson(string configuration) => Write(writer => WriteSet(writer, configuration, hasTargets: true));

    private void WriteSet(Utf8JsonWriter writer, string configuration, bool hasTargets)
    {
        writer.WriteStartObject();
        writer.WriteString("name", Set);
        WriteList(writer, "headers", Headers);
        WriteSome(writer, "own", Own);
        WriteList(writer, "includePaths", [.. IncludePaths.Select(path => Written(path, configuration))]);
        WriteSome(writer, "defines", Defines);
        WriteSome(writer, "block", Block);
        WriteSome(writer, "targets", hasTargets ? Targets : []);
        if (First is not null)
        {
            writer.WriteString("defaultDescriptor", Set);
        }

        writer.WriteStartObject("csharp");
        writer.WriteString("namespace", Namespace);
        writer.WriteString("output", First is null ? "Generated" : $"Generated/{Set}");
        if (First is not null)
        {
            // What each set has under one name would clash in a program that uses both.
            if (CSharp.ClassPrefix is null)
            {
                writer.WriteString("constantsClass", $"{Capitalized(Set)}Constants");
            }

            writer.WriteString("support", First.SupportNamespace);
        }

        (First is null ? CSharp : CSharp.Beside(First)).Write(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string Write(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, Indented))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    // one-two -> OneTwo
    private static string Capitalized(string name) => string.Concat(
        name.Split('-', '_').Where(word => word.Length > 0).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    // Debian's packages of the kernel's headers for cross compilers.
    internal static string PackageOf(TargetInfo target) => "linux-libc-dev-" + target.Name switch
    {
        "x86_64" => "amd64",
        "i686" => "i386",
        "armv7" => "armhf",
        "ppc64le" => "ppc64el",
        string name => name,
    } + "-cross";

    private static void WriteSome(Utf8JsonWriter writer, string name, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            WriteList(writer, name, values);
        }
    }

    private static void WriteList(Utf8JsonWriter writer, string name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        foreach (string value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
