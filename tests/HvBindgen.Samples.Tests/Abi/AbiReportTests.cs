using Xunit;

namespace HvBindgen.Samples.Tests.Abi;

/// <summary>The sample AbiReport, as a program.</summary>
public sealed class AbiReportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Report_begins_with_the_answer_for_each_machine()
    {
        Ending ending = await Report();

        Assert.Equal(4, ending.ExitCode);
        Assert.StartsWith("headers: 2 break, 2 source-break, 1 conditional, 2 additive\n", ending.Out, StringComparison.Ordinal);
        Assert.Matches(@"\n +x86_64 +arm64 +i686\n +all +break +break +break\n", ending.Out);
        Assert.Matches(@"\n +HV1006 ring_peer\.pad +- +- +break\n", ending.Out);
        Assert.DoesNotContain('\e', ending.Out);
    }

    [Fact]
    public async Task Read_me_shows_what_the_program_prints()
    {
        string document = await File.ReadAllTextAsync(
            Path.Combine(Sample.Folder, "AbiReport", "README.md"), TestContext.Current.CancellationToken);
        string shown = document.Split("```\nheaders: ")[1].Split("```")[0];

        Ending ending = await Report();

        Assert.StartsWith("headers: " + shown, ending.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_has_every_changed_record_and_needs_nothing_else()
    {
        string page = folder["report.html"];

        Ending ending = await Report("--page", page);

        Assert.Equal(4, ending.ExitCode);
        string html = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        Assert.All(
            ["ring_event", "ring_batch", "ring_peer", "ring_setup", "ring_stats"], name =>
                Assert.Contains(name, html, StringComparison.Ordinal));
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_that_agree_are_compatible_whatever_their_comments_say()
    {
        string header = Write("a/one.h", "struct one { int a; };\n");
        Write("b/one.h", "/* The first. */\nstruct one {\n\tint a;\n};\n");

        Ending ending = await Report(Path.GetDirectoryName(header)!, folder["b"]);

        Assert.Equal(0, ending.ExitCode);
        Assert.StartsWith("headers: no ABI change", ending.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Header_that_does_not_parse_gives_no_answer_and_is_named_with_its_line()
    {
        string header = Write("a/one.h", "struct one { int a; };\n");
        string damaged = Write("b/one.h", "struct one {\n\tnever a;\n};\n");
        string page = folder["report.html"];

        Ending ending = await Report(Path.GetDirectoryName(header)!, Path.GetDirectoryName(damaged)!, "--page", page);

        Assert.Equal(2, ending.ExitCode);
        Assert.Contains("one.h:2:2: error:", ending.Error, StringComparison.Ordinal);
        Assert.Empty(ending.Out);
        Assert.False(File.Exists(page));
    }

    [Theory]
    [InlineData("--pag", "x")]
    [InlineData("one-folder-only")]
    [InlineData("--page")]
    public async Task Wrong_words_are_answered_with_the_usage(params string[] arguments)
    {
        Ending ending = await Report(arguments);

        Assert.Equal(2, ending.ExitCode);
        Assert.StartsWith("usage: AbiReport", ending.Error, StringComparison.Ordinal);
    }

    private static Task<Ending> Report(params string[] arguments) =>
        new ChildProgram("dotnet", [Repository.Built("samples/AbiReport", "AbiReport.dll"), .. arguments]).RunAsync(
            TestContext.Current.CancellationToken);

    private string Write(string path, string text)
    {
        folder.With(path, text);
        return folder[path];
    }
}
