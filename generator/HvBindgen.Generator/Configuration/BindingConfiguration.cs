using System.Text.Json;
using HvBindgen.Generator.Files;
using HvBindgen.Generator.Inspect;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Configuration;

/// <summary>What <c>hvbindgen.json</c> says, with every path complete and every name checked.</summary>
/// <param name="Path">The file.</param>
/// <param name="SourcesPath">Which headers are downloaded.</param>
/// <param name="LockPath">Which content they must have.</param>
/// <param name="TreePath">Folder of the downloaded headers.</param>
/// <param name="Sets">The binding sets, in the order of the file.</param>
public sealed record BindingConfiguration(
    string Path, string SourcesPath, string LockPath, string TreePath, IReadOnlyList<BindingSet> Sets)
{
    /// <summary>Name of the file that is looked for when none is given.</summary>
    public const string FileName = "hvbindgen.json";

    /// <summary>Largest configuration that is read, in bytes.</summary>
    public const long MostBytes = 32 << 20;

    /// <summary>What the configuration may name.</summary>
    public required PathBounds Bounds { get; init; }

    /// <summary>
    /// Finds the configuration of a folder: below <c>headers/</c>, in it, or in a folder around it, up to the top of the repository.
    /// Folders of other users are passed by.
    /// </summary>
    /// <param name="folder">Folder to start from.</param>
    /// <returns>The file; null when there is none.</returns>
    public static string? Find(string folder)
    {
        string start = System.IO.Path.GetFullPath(folder);
        string? top = PathBounds.RepositoryOf(start);
        uint? owner = FileStatus.Of(start)?.Owner;
        for (string? at = start; at is not null; at = at == top ? null : System.IO.Path.GetDirectoryName(at))
        {
            if (!FileStatus.IsTrusted(at, owner))
            {
                continue;
            }

            string below = System.IO.Path.Combine(at, "headers", FileName);
            string here = System.IO.Path.Combine(at, FileName);
            if (File.Exists(below) || File.Exists(here))
            {
                return File.Exists(below) ? below : here;
            }
        }

        return null;
    }

    /// <summary>Reads a configuration.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bounds">What it may name; null for the repository around it.</param>
    /// <returns>Its content, checked.</returns>
    /// <exception cref="ConfigurationException">The file cannot be read, or says something that cannot be done.</exception>
    public static BindingConfiguration Read(string path, PathBounds? bounds = null) => Read(path, ReadBytes(path), bounds);

    /// <summary>Reads a configuration whose text is not in its file, such as that of an earlier revision.</summary>
    /// <param name="path">Where the file belongs: paths in it are relative to its folder.</param>
    /// <param name="content">The text.</param>
    /// <param name="bounds">What it may name; null for the repository around it.</param>
    /// <returns>Its content, checked.</returns>
    /// <exception cref="ConfigurationException">The text says something that cannot be done.</exception>
    public static BindingConfiguration Read(string path, byte[] content, PathBounds? bounds = null)
    {
        ConfigurationSource source = new(path, content);
        try
        {
            ConfigurationCheck.Check(source);
            ConfigurationDocument document = JsonSerializer.Deserialize(
                source.Content, ConfigurationJsonContext.Default.ConfigurationDocument)!;
            return new ConfigurationReader(source, bounds ?? PathBounds.Around(path)).Read(document);
        }
        catch (JsonException fault)
        {
            // The reader's message ends with the place, which stands in front here.
            string what = fault.Message.Split(" LineNumber:", 2)[0].Split(" Path:", 2)[0];
            throw new ConfigurationException(
                $"{path}:{(fault.LineNumber ?? 0) + 1}:{(fault.BytePositionInLine ?? 0) + 1}: no JSON: {what}", "Correct the file.", fault);
        }
    }

    /// <summary>The sets with the given names, all of them when none is given.</summary>
    /// <param name="names">Names from the command line.</param>
    /// <returns>The sets in the order of the file.</returns>
    /// <exception cref="ConfigurationException">A name is none of a set.</exception>
    public IReadOnlyList<BindingSet> Select(IReadOnlyCollection<string> names)
    {
        foreach (string name in names)
        {
            if (!Sets.Any(set => set.Name == name))
            {
                string? near = NearestName.Of(name, Sets.Select(set => set.Name));
                throw new ConfigurationException(
                    $"{Path}: there is no set \"{name}\"" + (near is null ? "" : $"; did you mean \"{near}\"?"),
                    $"The sets are: {string.Join(", ", Sets.Select(set => set.Name))}.");
            }
        }

        return names.Count == 0 ? Sets : [.. Sets.Where(set => names.Contains(set.Name))];
    }

    /// <summary>Sets, and those that share their support code: it can only be written for all of them.</summary>
    /// <param name="sets">Some of the sets.</param>
    /// <returns>The sets in the order of the file.</returns>
    public IReadOnlyList<BindingSet> WithSharers(IReadOnlyCollection<BindingSet> sets) =>
        [.. Sets.Where(set => sets.Any(selected => selected.SupportNamespace == set.SupportNamespace))];

    /// <summary>The known target of that name.</summary>
    /// <param name="name">Name from the command line.</param>
    /// <returns>The target.</returns>
    /// <exception cref="ConfigurationException">No such target is known.</exception>
    public static TargetInfo RequireTarget(string name) =>
        TargetInfo.Find(name) ?? throw new ConfigurationException(UnknownTarget(name), KnownTargets);

    internal static string KnownTargets => $"Known targets are: {string.Join(", ", TargetInfo.Known.Select(target => target.Name))}.";

    internal static string UnknownTarget(string name)
    {
        string? near = NearestName.Of(name, TargetInfo.Known.Select(target => target.Name));
        return $"unknown target \"{name}\"" + (near is null ? "" : $"; did you mean \"{near}\"?");
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            return FileContent.Read(path, MostBytes);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ConfigurationException(
                $"{path}: no such file", $"Name a configuration with --config, or start one with: hvbindgen init", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path}: cannot be read: {fault.Message}", "Make the file readable.", fault);
        }
    }
}
