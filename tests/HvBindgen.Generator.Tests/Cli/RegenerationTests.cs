using HvBindgen.Cli.Printing;
using HvBindgen.Generator.Tests.Headers;
using Xunit;

namespace HvBindgen.Generator.Tests.Cli;

/// <summary>What moving to another kernel changes in a repository.</summary>
public sealed class RegenerationTests : IDisposable
{
    private const string Header = """
        #define DEV_LIMIT 4
        enum dev_kind { DEV_ONE, DEV_TWO };
        struct dev_point { int x; int y; };
        struct dev_other { int z; };

        """;

    private readonly HeaderWorkplace place = new();

    public RegenerationTests() => place.Folder.With("hvbindgen.json", """
        {
          "targets": ["x86_64", "arm64"],
          "sets": [{
            "name": "dev", "headers": ["linux/dev.h"],
            "includePaths": ["downloaded/usr/include/{multiarch}", "downloaded/usr/include"],
            "csharp": { "namespace": "My.Dev", "output": "out" }
          }]
        }
        """);

    public void Dispose() => place.Dispose();

    [Fact]
    public async Task A_kernel_with_the_same_declarations_changes_the_lock_and_one_generated_file()
    {
        Dictionary<string, string> before = await RegenerateAsync(4, Header);

        Dictionary<string, string> after = await RegenerateAsync(5, "/* One line\n   and another. */\n" + Header);

        Assert.Equal(["headers.lock.json", "out/Support/Origin.g.cs"], Changed(before, after));
        Assert.Contains("\"Linux 7.3.5\"", after["out/Support/Origin.g.cs"], StringComparison.Ordinal);
        Assert.DoesNotContain(after, file => file.Key != "out/Support/Origin.g.cs" && file.Key.StartsWith("out/", StringComparison.Ordinal)
            && file.Value.Contains("7.3", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_record_that_changed_changes_its_own_file_and_one_line_of_each_snapshot()
    {
        Dictionary<string, string> before = await RegenerateAsync(4, Header);

        Dictionary<string, string> after = await RegenerateAsync(5, Header.Replace("int z", "unsigned int z", StringComparison.Ordinal));

        Assert.Equal(
            ["abi/dev.arm64.json", "abi/dev.x86_64.json", "headers.lock.json", "out/Support/Origin.g.cs", "out/linux/dev/Records.g.cs"],
            Changed(before, after));
        string[] old = before["abi/dev.x86_64.json"].Split('\n');
        string[] now = after["abi/dev.x86_64.json"].Split('\n');
        Assert.Equal(old.Length, now.Length);
        Assert.Single(old.Zip(now), lines => lines.First != lines.Second);
    }

    [Fact]
    public async Task An_array_that_gets_another_length_changes_the_record_s_file_and_its_own()
    {
        const string Arrays = "struct dev_rows { int rows[6]; };\nstruct dev_cells { int cells[9]; char name[9]; };\n";
        Dictionary<string, string> before = await RegenerateAsync(4, Header + Arrays);

        Dictionary<string, string> grown = await RegenerateAsync(5, Header + Arrays.Replace("[6]", "[7]", StringComparison.Ordinal));
        Dictionary<string, string> known = await RegenerateAsync(6, Header + Arrays.Replace("[6]", "[9]", StringComparison.Ordinal));

        // Beside the lock and the origin, which every new kernel changes, and the snapshots.
        string[] ownFiles = ["out/linux/dev/Records.g.cs"];
        Assert.Equal(["out/Support/Array6.g.cs", "out/Support/Array7.g.cs", .. ownFiles], ChangedCode(before, grown));
        Assert.Equal(["out/Support/Array6.g.cs", .. ownFiles], ChangedCode(before, known));
        Assert.DoesNotContain("out/Support/Array6.g.cs", grown.Keys);
        Assert.Equal(2, Changed(before, grown).Count(path => path.StartsWith("abi/", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> ChangedCode(Dictionary<string, string> before, Dictionary<string, string> after) =>
        Changed(before, after).Where(path => path.StartsWith("out/", StringComparison.Ordinal) && path != "out/Support/Origin.g.cs");

    private async Task<Dictionary<string, string>> RegenerateAsync(int sublevel, string header)
    {
        place.Kernel.With("Makefile", $"VERSION = 7\nPATCHLEVEL = 3\nSUBLEVEL = {sublevel}\nEXTRAVERSION =\n")
            .With("include/uapi/linux/dev.h", header);
        await place.SyncKernelAsync(update: true);
        Ending result = CommandLine.Run(place.Folder, "generate");
        Assert.True(result.ExitCode == (int)ExitCode.Ok, result.Error);

        // What a repository has: all but the headers.
        string root = place.Folder.Root;
        return Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(root, path))
            .Where(path => !path.StartsWith("downloaded", StringComparison.Ordinal))
            .ToDictionary(path => path, place.Folder.Text);
    }

    private static IEnumerable<string> Changed(Dictionary<string, string> before, Dictionary<string, string> after) =>
        before.Keys.Union(after.Keys)
            .Where(path => before.GetValueOrDefault(path) != after.GetValueOrDefault(path))
            .Order(StringComparer.Ordinal);
}
