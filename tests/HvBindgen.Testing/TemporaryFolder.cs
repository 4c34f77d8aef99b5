namespace HvBindgen.Testing;

/// <summary>A folder of its own for one test, deleted at its end.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Absolute path of the folder.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("hvbindgen-test-").FullName;

    /// <summary>Absolute path of something in the folder, which need not be there.</summary>
    public string this[string path] => Path.Combine(Root, path);

    /// <summary>Writes a text file, and makes the folders that it lies in.</summary>
    public TemporaryFolder With(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[path])!);
        File.WriteAllText(this[path], text);
        return this;
    }

    /// <summary>Reads a text file.</summary>
    public string Text(string path) => File.ReadAllText(this[path]);

    /// <summary>Names of the files and folders right in the folder, sorted.</summary>
    public string[] Entries() =>
        [.. Directory.GetFileSystemEntries(Root).Select(entry => Path.GetFileName(entry)!).Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Root, recursive: true);
}
