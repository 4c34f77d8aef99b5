using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>Two generations of a small header, parsed for several targets.</summary>
/// <remarks>
/// <c>//// name.h</c> on a line of its own starts a further header. <c>// descriptor kind pattern</c> gives requests their kind of
/// descriptor; those that begin with VM_ belong to <c>vm</c>, others to <c>dev</c>.
/// </remarks>
internal sealed class FixturePair
{
    private const string DescriptorMark = "// descriptor ";

    private readonly string beforeText;
    private readonly string afterText;

    internal FixturePair(string beforeText, string afterText)
    {
        this.beforeText = beforeText;
        this.afterText = afterText;
    }

    internal static string Folder { get; } = Path.Combine(FixtureFolders.Root, "Pairs");

    internal static IReadOnlyList<string> TargetNames { get; } = ["x86_64", "i686", "arm64"];

    internal static FixturePair Read(string folder) =>
        new(File.ReadAllText(Path.Combine(folder, "before.h")), File.ReadAllText(Path.Combine(folder, "after.h")));

    internal static IEnumerable<string> AllFolders() =>
        Directory.EnumerateDirectories(Folder).Order(StringComparer.Ordinal);

    internal static AbiDiff Compare(string before, string after, DiffOptions? options = null) =>
        new FixturePair(before, after).Compare(options);

    internal AbiDiff Compare(DiffOptions? options = null) => AbiDiffer.Compare(Parse(beforeText), Parse(afterText), options);

    internal AbiDiff CompareBackwards() => AbiDiffer.Compare(Parse(afterText), Parse(beforeText));

    internal static List<AbiModel> Parse(string text)
    {
        LibClangLocator.Load();
        using TemporaryFolder folder = new();
        List<string> headers = Write(text, folder.Root);
        List<AbiModel> models = [];
        foreach (string target in TargetNames)
        {
            ParseRequest request = new("pair", TargetInfo.Find(target)!, headers, [folder.Root])
            {
                Descriptors = DescriptorsOf(text),
                DefaultDescriptor = "dev",
            };
            models.Add(HeaderParser.Parse(request).Model);
        }

        return models;
    }

    /// <summary>Writes the headers of one side, with what they include.</summary>
    internal static List<string> Write(string text, string folder)
    {
        File.Copy(Path.Combine(Folder, "uapi.h"), Path.Combine(folder, "uapi.h"), overwrite: true);
        List<string> headers = [];
        string name = "pair.h";
        List<string> lines = [];
        foreach (string line in (IEnumerable<string>)[.. text.Split('\n'), "//// "])
        {
            if (line.StartsWith("//// ", StringComparison.Ordinal))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
                File.WriteAllLines(Path.Combine(folder, name), lines);
                headers.Add(name);
                lines.Clear();
                name = line[5..];
            }
            else
            {
                lines.Add(line);
            }
        }

        return headers;
    }

    private static Dictionary<string, IReadOnlyList<string>> DescriptorsOf(string text)
    {
        Dictionary<string, IReadOnlyList<string>> descriptors = new() { ["vm"] = ["VM_*"] };
        foreach (string line in text.Split('\n'))
        {
            if (line.StartsWith(DescriptorMark, StringComparison.Ordinal))
            {
                string[] words = line[DescriptorMark.Length..].Split(' ');
                descriptors[words[0]] = [.. descriptors.GetValueOrDefault(words[0], []), words[1]];
            }
        }

        return descriptors;
    }
}
