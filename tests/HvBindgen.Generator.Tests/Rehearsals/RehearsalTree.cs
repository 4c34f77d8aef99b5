using System.Security.Cryptography;
using HvBindgen.Generator.Tests.Cli;
using Xunit;

namespace HvBindgen.Generator.Tests.Rehearsals;

/// <summary>A copy of the repository in which changes are made as a person would make them: edits, generation, build, tests.</summary>
internal sealed class RehearsalTree : IDisposable
{
    private const string TestProject = "tests/HvBindgen.Mshv.Tests";
    private static readonly TimeSpan LongestBuild = TimeSpan.FromMinutes(15);

    private static readonly string[] Copied =
    [
        ".editorconfig", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", "HvBindgen.sln",
        "headers", "runtime", "tests/HvBindgen.Testing", "tests/HvBindgen.Emulation.Tests", TestProject,
    ];

    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, HashSet<string>> handEdited = new(StringComparer.Ordinal);
    private string change = "";

    internal RehearsalTree()
    {
        Repository.DownloadedHeaders();
        foreach (string path in Copied)
        {
            Copy(Repository.PathOf(path), folder[path]);
        }

        // The configuration may write below the top of its repository.
        Directory.CreateDirectory(folder[".git"]);
    }

    /// <summary>Begins a change: edits from here on belong to it.</summary>
    /// <param name="name">Its name in CONTRIBUTING.md.</param>
    internal void Begin(string name)
    {
        change = name;
        handEdited.Add(name, new HashSet<string>(StringComparer.Ordinal));
    }

    /// <summary>Files that a person edits for a change.</summary>
    internal IReadOnlyCollection<string> HandEdited(string name) => handEdited[name];

    /// <summary>Edits a file by hand: inserts lines before the first line that holds a text.</summary>
    internal void Insert(string path, string before, string lines)
    {
        handEdited[change].Add(path);
        InsertInto(path, before, lines);
    }

    /// <summary>Writes a new file by hand.</summary>
    internal void Write(string path, string text)
    {
        Assert.False(File.Exists(folder[path]), path);
        handEdited[change].Add(path);
        folder.With(path, text);
    }

    /// <summary>
    /// The same in a header of the kernel, which comes with the next kernel and not from a person's hand; and its pin in the lock file.
    /// </summary>
    internal void InsertIntoKernelHeader(string path, string before, string lines)
    {
        string pinned = HashOf(folder[path]);
        InsertInto(path, before, lines);
        string lockText = folder.Text("headers/headers.lock.json");
        Assert.Contains(pinned, lockText, StringComparison.Ordinal);
        folder.With("headers/headers.lock.json", lockText.Replace(pinned, HashOf(folder[path]), StringComparison.Ordinal));
    }

    /// <summary>Runs the tool on the copy's configuration.</summary>
    internal string Tool(params string[] arguments)
    {
        Ending ending = CommandLine.Run([.. arguments, "--config", folder["headers/hvbindgen.json"]]);
        Assert.True(ending.ExitCode == 0, ending.Error + ending.Out);
        return ending.Out;
    }

    /// <summary>Writes bytes to a file for the tool to read.</summary>
    internal string FileWith(ReadOnlySpan<byte> content)
    {
        string path = folder["message.bin"];
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>Builds the copy's tests of the runtime and runs some of their classes.</summary>
    internal void Test(params string[] classes)
    {
        // What counts is whether the change is whole; style is judged in the repository.
        ChildProgram build = new(
            "dotnet", "build", folder[TestProject], "-c", "Release", "-v", "quiet", "-nologo", "-clp:NoSummary", "-p:RunAnalyzers=false")
        {
            Folder = folder.Root,
            TimeLimit = LongestBuild,
        };
        Ending built = build.Run();
        Assert.True(built.ExitCode == 0, built.Out + built.Error);
        Ending tested = ChildProgram.Run(
            "dotnet",
            [
                folder[$"{TestProject}/bin/Release/net10.0/HvBindgen.Mshv.Tests.dll"], "-noLogo", "-noColor",
                .. classes.SelectMany(name => (string[])["-class", $"HvBindgen.Mshv.Tests.{name}"]),
            ]);
        Assert.True(tested.ExitCode == 0, tested.Out + tested.Error);
        Assert.Contains("Failed: 0", tested.Out, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private void InsertInto(string path, string before, string lines)
    {
        string text = folder.Text(path);
        int found = text.IndexOf(before, StringComparison.Ordinal);
        Assert.True(found >= 0, $"{path} has no \"{before}\" any more: the rehearsed change goes elsewhere now");
        int lineStart = text.LastIndexOf('\n', found) + 1;
        folder.With(path, text.Insert(lineStart, lines.TrimEnd('\n') + "\n"));
    }

    private static string HashOf(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    private static void Copy(string from, string to)
    {
        if (File.Exists(from))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(from, to);
            return;
        }

        foreach (string entry in Directory.GetFileSystemEntries(from))
        {
            string name = Path.GetFileName(entry);
            if (name is not ("bin" or "obj"))
            {
                Copy(entry, Path.Combine(to, name));
            }
        }
    }
}
