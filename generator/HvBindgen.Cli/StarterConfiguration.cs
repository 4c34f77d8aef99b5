using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;

namespace HvBindgen.Cli;

/// <summary>The set that <c>init</c> writes.</summary>
/// <param name="Set">Its name.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Namespace">Namespace of the C#.</param>
/// <param name="IncludePaths">Where headers are looked for.</param>
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

    /// <summary>Whether the types are for their own assembly alone.</summary>
    internal bool IsInternal { get; init; }

    /// <summary>Version of C#; null for the configuration's own default.</summary>
    internal int? Language { get; init; }

    /// <summary>The set of the same project that has the support code; null for the first set.</summary>
    internal BindingSet? First { get; init; }

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
        string[] paths = [.. includePaths.Select(path => path.Replace("{multiarch}", target.Multiarch, StringComparison.Ordinal))];
        string[] missing = [.. headers.Where(header => !Finds(header))];
        if (missing.Length > 0)
        {
            throw new HeadersMissingException(
                $"not found for {target.Name}: {string.Join(", ", missing)}; looked in {string.Join(", ", paths)}",
                "Name the folder with --include, or install the headers (Debian: apt-get install linux-libc-dev).");
        }

        // Nearly every header of the kernel needs the machine's own half of linux/types.h.
        if (Finds("linux/types.h") && !Finds("asm/types.h"))
        {
            throw new HeadersMissingException(
                $"not found for {target.Name}: asm/types.h, which linux/types.h includes; looked in {string.Join(", ", paths)}",
                $"Install that machine's headers (Debian: apt-get install {PackageOf(target)}), or name their folder with --include.");
        }

        // The parser finds the tool's own headers behind all others.
        bool Finds(string header) => paths.Append(FreestandingHeaders.Folder).Any(path => File.Exists(Path.Combine(path, header)));
    }

    /// <summary>The text of a file with this set alone.</summary>
    internal string ToJson(string schema) => Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("$schema", schema);
        WriteList(writer, "targets", Targets);
        writer.WriteStartArray("sets");
        WriteSet(writer, hasTargets: false);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }) + "\n";

    /// <summary>The text of the set alone, for a file that is there.</summary>
    internal string SetToJson() => Write(writer => WriteSet(writer, hasTargets: true));

    private void WriteSet(Utf8JsonWriter writer, bool hasTargets)
    {
        writer.WriteStartObject();
        writer.WriteString("name", Set);
        WriteList(writer, "headers", Headers);
        WriteSome(writer, "own", Own);
        WriteList(writer, "includePaths", IncludePaths);
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
            writer.WriteString("constantsClass", $"{Capitalized(Set)}Constants");
            writer.WriteString("support", First.SupportNamespace);
            if (First.SharedNamespace is { } shared)
            {
                writer.WriteString("sharedTypes", shared);
            }
        }

        if (IsInternal)
        {
            writer.WriteString("visibility", "internal");
        }

        // Sets of one project are in one language.
        if (Language is not null || First is { Language: not CSharpLanguage.CSharp14 })
        {
            writer.WriteNumber("language", Language ?? (int)First!.Language);
        }

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
    private static string PackageOf(TargetInfo target) => "linux-libc-dev-" + target.Name switch
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
