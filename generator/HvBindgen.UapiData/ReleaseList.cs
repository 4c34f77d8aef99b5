using System.Globalization;
using System.Text;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Packing;

namespace HvBindgen.UapiData;

/// <summary>
/// In which of several releases names appear first: <c>headers/uapi/since.txt</c>, which is written when a release is added, from the
/// headers of all of them, and read whenever the data are made.
/// </summary>
/// <param name="Releases">The releases, in order; the last is the one that the headers are of.</param>
/// <param name="Later">Names that the first of them lacks, for each target, with the number of their first release, from 1.</param>
/// <param name="Folders">Folders of headers that all of them have: a distribution may bring others in another package.</param>
internal sealed record ReleaseList(
    IReadOnlyList<string> Releases, IReadOnlyDictionary<(int Target, string Name), int> Later, IReadOnlyCollection<string> Folders)
{
    internal const string FileName = "since.txt";
    private const string Title = "releases ";
    private const string FolderTitle = "folders ";
    private const string MachineFolder = "asm";

    /// <summary>Compares the headers of releases.</summary>
    /// <param name="trees">The releases with their headers, in order.</param>
    /// <param name="targets">The machines.</param>
    /// <param name="wanted">The names that are asked about.</param>
    internal static ReleaseList Compare(
        IReadOnlyList<(string Release, HeaderTree Tree)> trees, IReadOnlyList<TargetInfo> targets, IReadOnlySet<string> wanted)
    {
        SortedSet<string> folders = new(trees.Select(tree => targets.SelectMany(tree.Tree.RootsOf).Select(FolderOf))
            .Aggregate((common, own) => common.Intersect(own)), StringComparer.Ordinal);
        Dictionary<(int Target, string Name), int> later = [];
        for (int target = 0; target < targets.Count; target++)
        {
            HashSet<string> known = [];
            for (int release = 0; release < trees.Count; release++)
            {
                HashSet<string> names = ReleaseNames.Of(trees[release].Tree, targets[target], folders);
                foreach (string name in release == 0 ? [] : names.Where(name => wanted.Contains(name) && !known.Contains(name)))
                {
                    later[(target, name)] = release + 1;
                }

                known.UnionWith(names);
            }
        }

        return new ReleaseList([.. trees.Select(tree => tree.Release)], later, folders);
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidDataException">A line is none of such a file.</exception>
    internal static ReleaseList Read(string path, IReadOnlyList<TargetInfo> targets)
    {
        string[] releases = [];
        string[] folders = [];
        Dictionary<(int Target, string Name), int> later = [];
        foreach (string line in File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line.StartsWith(Title, StringComparison.Ordinal))
            {
                releases = line[Title.Length..].Split(' ');
                continue;
            }

            if (line.StartsWith(FolderTitle, StringComparison.Ordinal))
            {
                folders = line[FolderTitle.Length..].Split(' ');
                continue;
            }

            // 6.12 NAME, or 6.12 NAME arm64
            string[] words = line.Split(' ');
            int release = Array.IndexOf(releases, words[0]) + 1;
            int[] those = [.. Enumerable.Range(0, targets.Count).Where(index => words.Length == 2 || words[^1] == targets[index].Name)];
            if (release == 0 || words.Length is < 2 or > 3 || those.Length == 0)
            {
                throw new InvalidDataException($"{path}: \"{line}\" is no release, name and target");
            }

            foreach (int target in those)
            {
                later[(target, words[1])] = release;
            }
        }

        return new ReleaseList(releases, later, folders);
    }

    /// <summary>The file's text: a name a line, sorted, with a target where the others have it earlier or not at all.</summary>
    internal string Write(IReadOnlyList<TargetInfo> targets)
    {
        StringBuilder text = new();
        text.Append("# In which release a name appears first, of those that were compared. Written by generator/HvBindgen.UapiData\n");
        text.Append("# HEADERS --releases FOLDER; the headers of the earlier releases are those of tests/HvBindgen.Sweep/Releases.\n");
        text.Append(CultureInfo.InvariantCulture, $"{Title}{string.Join(' ', Releases)}\n");
        text.Append(CultureInfo.InvariantCulture, $"{FolderTitle}{string.Join(' ', Folders)}\n");
        IEnumerable<(int Release, string Name, string Target)> lines = Later.GroupBy(entry => (entry.Value, entry.Key.Name))
            .SelectMany(same => same.Count() == targets.Count
                ? [(same.Key.Value, same.Key.Name, "")]
                : same.Select(entry => (same.Key.Value, same.Key.Name, targets[entry.Key.Target].Name)));
        foreach ((int release, string name, string target) in lines.OrderBy(line => line.Release)
            .ThenBy(line => line.Name, StringComparer.Ordinal).ThenBy(line => line.Target, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{Releases[release - 1]} {name}{(target.Length == 0 ? "" : $" {target}")}\n");
        }

        return text.ToString();
    }

    /// <summary>The list as the data have it: of the kernel's own headers nothing else is asked.</summary>
    /// <param name="include">The folder of those headers.</param>
    /// <param name="targets">The machines.</param>
    /// <param name="compared">How many of them, from the first on, the releases were compared for.</param>
    internal FirstReleases ToFirstReleases(string include, IReadOnlyList<TargetInfo> targets, int compared)
    {
        HashSet<string> headers = new(targets.SelectMany(target => HeadersBelow(include, target)), StringComparer.Ordinal);
        Dictionary<(int Target, string Name), int> later = new(Later);

        // What all of those got at one time is no matter of the machine; what is in a header of another machine's own is not known.
        foreach (IGrouping<string, KeyValuePair<(int Target, string Name), int>> name in Later.GroupBy(entry => entry.Key.Name))
        {
            if (name.Count() == compared)
            {
                for (int target = compared; target < targets.Count; target++)
                {
                    later[(target, name.Key)] = name.Max(entry => entry.Value);
                }
            }
        }

        int comparedBits = (1 << compared) - 1;
        return new FirstReleases(Releases, later, (header, bits) => headers.Contains(header) && Folders.Contains(FolderOf(header))
            && (FolderOf(header) != MachineFolder || (bits & comparedBits) != 0));
    }

    /// <summary>The folder that an <c>#include</c> names first.</summary>
    internal static string FolderOf(string header) => header.Split('/')[0];

    private static IEnumerable<string> HeadersBelow(string include, TargetInfo target) =>
        new[] { include, Path.Combine(include, target.Multiarch) }.SelectMany(folder =>
            Directory.EnumerateFiles(folder, "*.h", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)));
}
