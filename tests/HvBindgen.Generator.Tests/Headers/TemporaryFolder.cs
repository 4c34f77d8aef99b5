namespace HvBindgen.Generator.Tests.Headers;

/// <summary>A folder of its own for one test, deleted at its end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("hvbindgen-test-").FullName;

    public string this[string path] => Path.Combine(Root, path);

    public TemporaryFolder With(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[path])!);
        File.WriteAllText(this[path], text);
        return this;
    }

    public string Text(string path) => File.ReadAllText(this[path]);

    public string[] Entries() => [.. Directory.GetFileSystemEntries(Root).Select(entry => Path.GetFileName(entry)!).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
