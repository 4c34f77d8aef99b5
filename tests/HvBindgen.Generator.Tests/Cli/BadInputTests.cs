using HvBindgen.Cli.Printing;
using Xunit;

namespace HvBindgen.Generator.Tests.Cli;

/// <summary>Each failure: its own exit code, a place, a remedy, no stack trace, and no file.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("struct a { int x y; };\n", "demo.h:1:17: error: expected ';'", ExitCode.HeadersDoNotParse)]
    [InlineData("struct a { unknown_t x; };\n", "demo.h:1:12: error: unknown type name 'unknown_t'", ExitCode.HeadersDoNotParse)]
    [InlineData("struct a { int x; };\nstruct a { long x; };\n", "demo.h:2:8: error: redefinition of 'a'", ExitCode.NameConflict)]
    [InlineData(
        "typedef int t;\ntypedef long t;\n", "demo.h:2:14: error: typedef redefinition with different types", ExitCode.NameConflict)]
    [InlineData("#include <gone.h>\n", "demo.h:1:10: error: 'gone.h' file not found", ExitCode.HeadersMissing)]
    public void Clang_refuses_a_header(string header, string expected, object code)
    {
        using TemporaryFolder folder = CommandLine.Workplace(header);

        Ending result = CommandLine.Run(folder, "generate");

        Refused(folder, result, (ExitCode)code, expected);
        Assert.Contains("x86_64", result.Error, StringComparison.Ordinal);
        Assert.Contains("arm64", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_listed_header_is_missing()
    {
        using TemporaryFolder folder = CommandLine.Workplace();
        File.Delete(folder["inc/demo.h"]);

        Refused(folder, CommandLine.Run(folder, "generate"), ExitCode.HeadersMissing, "not found: demo.h");
    }

    [Fact]
    public void Fetched_headers_are_missing()
    {
        using TemporaryFolder folder = CommandLine.Workplace(members: "\"block\": []");
        folder.With(
            "hvbindgen.json", folder.Text("hvbindgen.json").Replace("[\"inc\"]", "[\"downloaded/usr/include\"]", StringComparison.Ordinal));

        // A sync helps where something says what to fetch, and nowhere else.
        Ending nothingToFetch = CommandLine.Run(folder, "generate");
        folder.With("sources.json", "{}");
        Ending result = CommandLine.Run(folder, "generate");

        Refused(folder, nothingToFetch, ExitCode.HeadersMissing, "not found: demo.h");
        Assert.DoesNotContain("headers sync", nothingToFetch.Error, StringComparison.Ordinal);
        Refused(folder, result, ExitCode.HeadersMissing, "no headers have been fetched");
        Assert.Contains("hvbindgen headers sync", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--target", "x86-64", "did you mean \"x86_64\"?")]
    [InlineData("--set", "dmeo", "did you mean \"demo\"?")]
    [InlineData("--chek", "", "--chek")]
    public void The_command_line_is_wrong(string option, string value, string expected)
    {
        using TemporaryFolder folder = CommandLine.Workplace();

        Ending result = CommandLine.Run(folder, [.. new[] { "generate", option, value }.Where(text => text.Length > 0)]);

        Refused(folder, result, ExitCode.BadConfiguration, expected);
    }

    [Fact]
    public void A_configuration_key_is_unknown()
    {
        using TemporaryFolder folder = CommandLine.Workplace(members: "\"define\": []");

        Refused(folder, CommandLine.Run(folder, "generate"), ExitCode.BadConfiguration,
            "hvbindgen.json:5:5: unknown key \"define\" in sets[0]; did you mean \"defines\"?");
    }

    [Fact]
    public void There_is_no_configuration()
    {
        using TemporaryFolder folder = new();

        Ending result = CommandLine.Run(folder, "generate");

        Refused(folder, result, ExitCode.BadConfiguration, "no such file");
        Assert.Contains("hvbindgen init", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Output_cannot_be_written()
    {
        // A file in the folder's place: refused to root as well, unlike a read-only folder.
        using TemporaryFolder folder = CommandLine.Workplace();
        folder.With("out", "in the way");

        Ending result = CommandLine.Run(folder, "generate");

        Assert.Equal((int)ExitCode.CannotWrite, result.ExitCode);
        Assert.Contains(folder["out"], result.Error, StringComparison.Ordinal);
        Assert.Contains("No file has been changed.", result.Error, StringComparison.Ordinal);
        Assert.Equal(["hvbindgen.json", "inc", "out"], folder.Entries());
    }

    [Theory]
    [InlineData("struct odd {\n\t_Complex double z;\n};\n", "demo.h:1:8: error: struct odd.z: Bytes, because C# has no type for")]
    [InlineData("struct big {\n\tint a;\n\tchar room[1 << 21];\n};\n", "demo.h:1:8: error: struct big.room: Bytes, because")]
    public void A_declaration_has_no_CSharp_and_bytes_are_not_wanted(string header, string expected)
    {
        using TemporaryFolder folder = CommandLine.Workplace(header);

        Refused(folder, CommandLine.Run(folder, "generate", "--strict"), ExitCode.CannotEmit, expected);
    }

    [Fact]
    public void A_record_is_too_large_and_would_be_as_bytes_too()
    {
        using TemporaryFolder folder = CommandLine.Workplace("struct big {\n\tchar room[0x7fffffff];\n};\n");

        Ending result = CommandLine.Run(folder, "generate");

        Refused(folder, result, ExitCode.CannotEmit, "demo.h:1:8: struct big: a struct of 2147483647 bytes is larger than");
        Assert.Contains("Leave the declaration out with \"block\" of its set.", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("opaque", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_only_warns()
    {
        using TemporaryFolder folder = CommandLine.Workplace("#warning \"old\"\nstruct a { int x };\n");

        Ending result = CommandLine.Run(folder, "generate");

        Assert.Equal((int)ExitCode.Ok, result.ExitCode);
        Assert.Contains("demo.h:1:2: warning: \"old\"", result.Error, StringComparison.Ordinal);
        Assert.Contains("demo.h:2:17: warning: expected ';' at end of declaration list", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, result.Error.Split("warning:").Length - 1);
    }

    [Theory]
    [InlineData("{\"schema\": 99}", "schema 99")]
    [InlineData("{\"schema\": 1, \"set\":", "")]
    public void A_snapshot_is_damaged_or_of_a_later_schema(string text, string expected)
    {
        using TemporaryFolder folder = CommandLine.Workplace();
        folder.With("later.json", text);

        Ending result = CommandLine.Run(folder, "history", "demo_point", folder["later.json"], folder["later.json"]);

        // Commands that compare have an exit code of their own for what they could not compare.
        Refused(folder, result, (ExitCode)2, expected);
        Assert.Contains(folder["later.json"], result.Error, StringComparison.Ordinal);
        Assert.Contains("hvbindgen snapshot", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_output_folder_is_read_only()
    {
        using TemporaryFolder folder = CommandLine.Workplace();
        Directory.CreateDirectory(folder["out"]);
        using UnusableFolder readOnly = UnusableFolder.ReadOnly(folder["out"]);

        Ending result = CommandLine.Run(folder, "generate");

        Assert.Equal((int)ExitCode.CannotWrite, result.ExitCode);
        Assert.Contains(folder["out"], result.Error, StringComparison.Ordinal);
        Assert.Contains("Make the folder writable", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder["out"]));
        Assert.False(Directory.Exists(folder["abi"]));
    }

    [Fact]
    public void The_disk_is_full()
    {
        using TemporaryFolder folder = CommandLine.Workplace();
        using UnusableFolder? disk = UnusableFolder.Full(folder["small"], sizeBytes: 16 * 1024);
        Assert.SkipWhen(disk is null, "needs the right to mount a file system");

        Ending result = CommandLine.Run(folder, "generate", "--output", folder["small/out"]);

        Assert.Equal((int)ExitCode.DiskFull, result.ExitCode);
        Assert.Contains(folder["small"], result.Error, StringComparison.Ordinal);
        Assert.Contains("Free space on the disk", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder["small"]));

        disk!.Dispose();
        Ending again = CommandLine.Run(folder, "generate", "--output", folder["small/out"]);

        Assert.True(again.ExitCode == (int)ExitCode.Ok, again.Error);
    }

    [Fact]
    public void Libclang_is_missing()
    {
        using TemporaryFolder folder = CommandLine.Workplace();

        Ending result = CommandLine.RunProcess("generate", "--libclang", folder["no-libclang.so"], "--config", folder["hvbindgen.json"]);

        Refused(folder, result, ExitCode.LibClangMissing, folder["no-libclang.so"]);
        Assert.Contains("apt-get install libclang", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Sources_are_missing_when_headers_are_fetched()
    {
        using TemporaryFolder folder = CommandLine.Workplace();

        Refused(folder, CommandLine.Run(folder, "headers", "sync"), ExitCode.SyncFailed, "sources.json: no such file");
        Refused(folder, CommandLine.Run(folder, "headers", "status"), ExitCode.SyncFailed, "headers.lock.json: no such file");
        Refused(
            folder, CommandLine.Run(folder, "headers", "sync", "--kernel", "a", "--sysroot", "b"),
            ExitCode.BadConfiguration, "--kernel and --sysroot do not go together");
    }

    private static void Refused(TemporaryFolder folder, Ending result, ExitCode code, string expected)
    {
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Equal((int)code, result.ExitCode);
        Assert.Empty(result.Out);
        Assert.False(Directory.Exists(folder["out"]) || Directory.Exists(folder["abi"]));
    }
}
