using System.Text.Json;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Files;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Snapshots;

namespace HvBindgen.Cli.Sets;

/// <summary>
/// The sets of the tool's own repository, which it carries along: configuration, snapshots and the lock that names their kernel. What is
/// asked of headers where there is no configuration is asked of them.
/// </summary>
internal static class BuiltInSets
{
    private const string Root = "/built-in";

    /// <summary>Version of the kernel that the headers were from.</summary>
    internal static string KernelVersion
    {
        get
        {
            using JsonDocument locked = JsonDocument.Parse(Content("headers.lock.json"));
            return locked.RootElement.GetProperty("kernel").GetString()!;
        }
    }

    /// <summary>Reads the configuration; the files that it names are not there.</summary>
    internal static BindingConfiguration ReadConfiguration() => BindingConfiguration.Read(
        $"{Root}/headers/{BindingConfiguration.FileName}", Content(BindingConfiguration.FileName), new PathBounds(Root, []));

    /// <summary>Reads a snapshot.</summary>
    /// <exception cref="ConfigurationException">There is none for the target.</exception>
    internal static AbiModel Read(BindingSet set, TargetInfo target)
    {
        string name = SnapshotFormat.FileName(set.Name, target.Name);
        return Find(name) is { } stream
            ? SnapshotReader.Read(BytesOf(stream), name)
            : throw new ConfigurationException(
                $"set {set.Name}, which is built in, has no snapshot for {target.Name}",
                $"Its targets are: {string.Join(", ", set.Targets.Select(own => own.Name))}.");
    }

    private static byte[] Content(string name) => BytesOf(Find(name)!);

    private static Stream? Find(string name) => typeof(BuiltInSets).Assembly.GetManifestResourceStream($"built-in/{name}");

    private static byte[] BytesOf(Stream stream)
    {
        using (stream)
        {
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
    }
}
