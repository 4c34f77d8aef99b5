using Xunit;

namespace HvBindgen.Testing.Tests;

public sealed class VerifierTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<(string Received, string Verified)> opened = [];

    [Fact]
    public void A_text_is_compared_with_the_file_beside_its_test()
    {
        Verifier.Verify("one\ntwo\n");
    }

    [Fact]
    public void An_equal_text_passes_whatever_the_line_ends_are_and_a_stale_received_file_goes()
    {
        VerifiedFile file = NewFile();
        File.WriteAllText(file.VerifiedPath, "one\r\ntwo");
        File.WriteAllText(file.ReceivedPath, "stale");

        file.Compare("one\ntwo\n", Settings());

        Assert.False(File.Exists(file.ReceivedPath));
        Assert.Empty(opened);
    }

    [Fact]
    public void A_different_text_is_written_beside_the_verified_one_and_the_message_shows_the_difference()
    {
        VerifiedFile file = NewFile();
        File.WriteAllText(file.VerifiedPath, "one\ntwo\nthree\n");

        VerifyException fault = Assert.Throws<VerifyException>(() => file.Compare("one\n2\nthree\n", Settings()));

        Assert.Contains("- two\n+ 2\n", fault.Message, StringComparison.Ordinal);
        Assert.Contains(file.VerifiedPath, fault.Message, StringComparison.Ordinal);
        Assert.Contains(VerificationSettings.AcceptVariable, fault.Message, StringComparison.Ordinal);
        Assert.Equal("one\n2\nthree\n", File.ReadAllText(file.ReceivedPath));
        Assert.Equal("one\ntwo\nthree\n", File.ReadAllText(file.VerifiedPath));
        Assert.Equal([(file.ReceivedPath, file.VerifiedPath)], opened);
    }

    [Fact]
    public void A_text_that_was_never_verified_fails()
    {
        VerifiedFile file = NewFile();

        VerifyException fault = Assert.Throws<VerifyException>(() => file.Compare("new\n", Settings()));

        Assert.Contains("no verified text yet", fault.Message, StringComparison.Ordinal);
        Assert.Equal("new\n", File.ReadAllText(file.ReceivedPath));
        Assert.False(File.Exists(file.VerifiedPath));
    }

    [Fact]
    public void Accepting_writes_the_verified_file_with_line_feeds_and_no_byte_order_mark()
    {
        VerifiedFile file = NewFile();

        file.Compare("é\r\n", Settings() with { AcceptsChanges = true });

        Assert.Equal([0xC3, 0xA9, 0x0A], File.ReadAllBytes(file.VerifiedPath));
        Assert.False(File.Exists(file.ReceivedPath));
    }

    [Fact]
    public void Nothing_is_accepted_and_no_tool_opened_in_continuous_integration()
    {
        VerifiedFile file = NewFile();

        Assert.Throws<VerifyException>(
            () => file.Compare("new\n", Settings() with { AcceptsChanges = true, IsContinuousIntegration = true }));

        Assert.False(File.Exists(file.VerifiedPath));
        Assert.Empty(opened);
    }

    [Theory]
    [InlineData(null, null, false, false, false)]
    [InlineData("1", null, false, true, false)]
    [InlineData("true", null, false, false, false)]
    [InlineData("1", "true", false, false, true)]
    [InlineData("1", "1", false, false, true)]
    [InlineData("1", "false", false, true, false)]
    [InlineData("1", null, true, false, true)]
    public void The_switch_counts_only_where_somebody_watches(string? accept, string? ci, bool isBuildServer, bool accepts, bool isCi)
    {
        VerificationSettings settings = VerificationSettings.From(name => name == "CI" ? ci : accept, isBuildServer);

        Assert.Equal((accepts, isCi), (settings.AcceptsChanges, settings.IsContinuousIntegration));
    }

    [Fact]
    public void Every_verified_file_belongs_to_a_test()
    {
        string[] orphans =
        [
            .. Directory.EnumerateFiles(Repository.PathOf("tests"), "*.verified.*", SearchOption.AllDirectories)
                .Where(file => !file.Contains("/bin/", StringComparison.Ordinal) && !HasTest(file)),
        ];

        Assert.Empty(orphans);
    }

    public void Dispose() => folder.Dispose();

    private static bool HasTest(string verified)
    {
        string[] name = Path.GetFileName(verified).Split('.');
        string source = Path.Combine(Path.GetDirectoryName(verified)!, name[0] + ".cs");
        return File.Exists(source) && File.ReadAllText(source).Contains($" {name[1]}(", StringComparison.Ordinal);
    }

    private VerifiedFile NewFile() => new(folder.Root, "SomeTests.Some_test", "txt");

    private VerificationSettings Settings() => new(false, false, (received, verified) => opened.Add((received, verified)));
}
