using System.ComponentModel;
using HvBindgen.Generator.Processes;
using Xunit;

namespace HvBindgen.Generator.Tests.Processes;

public sealed class ChildProcessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_it_is_fed_and_what_it_says_arrive_with_its_exit_code()
    {
        ProcessEnd end = await (Shell("cat; echo wrong >&2; exit 3") with { Input = "in"u8.ToArray() }).RunAsync(Cancellation);

        Assert.Equal((3, "in", "wrong\n"), (end.ExitCode, end.Text, end.Errors));
    }

    [Fact]
    public async Task Arguments_and_environment_are_taken_as_they_are()
    {
        ChildProcess process = new("/bin/sh", ["-c", "printf '%s|' \"$@\" \"${HOME-none}\" \"$ADDED\"", "sh", "a b", "*", ""])
        {
            Environment = new Dictionary<string, string?> { ["HOME"] = null, ["ADDED"] = "yes" },
            WorkFolder = "/",
        };

        Assert.Equal("a b|*||none|yes|", (await process.RunAsync(Cancellation)).Text);
    }

    [Fact]
    public async Task One_that_reads_only_some_of_its_input_ends_as_it_wants()
    {
        ProcessEnd end = await (Shell("exec 0<&-; exit 5") with { Input = new byte[1 << 20] }).RunAsync(Cancellation);

        Assert.Equal(5, end.ExitCode);
    }

    [Fact]
    public async Task What_a_reader_leaves_does_not_stop_the_program()
    {
        byte[] first = new byte[1];
        ChildProcess process = Shell(
            "head -c 1000000 /dev/zero; exit 4") with
        { Read = async stream => await stream.ReadExactlyAsync(first) };

        ProcessEnd end = await process.RunAsync(Cancellation);

        Assert.Equal((4, 0), (end.ExitCode, end.Bytes.Length));
    }

    [Fact]
    public async Task A_reader_that_fails_ends_the_program()
    {
        ChildProcess process = Shell(
            "while :; do echo more; done") with
        { Read = _ => throw new InvalidDataException("not what was expected") };

        await Assert.ThrowsAsync<InvalidDataException>(
            () => process.RunAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(60), Cancellation));
    }

    [Fact]
    public async Task Cancellation_ends_the_program()
    {
        using CancellationTokenSource soon = new(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Shell("sleep 1000").RunAsync(soon.Token).WaitAsync(TimeSpan.FromSeconds(60), Cancellation));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_said() =>
        await Assert.ThrowsAsync<Win32Exception>(() => new ChildProcess("no-such-program", []).RunAsync(Cancellation));

    [Theory]
    [InlineData("/bin/sh")]
    [InlineData("sh")]
    public async Task A_file_that_it_writes_stays_below_the_limit(string program)
    {
        using TemporaryFolder folder = new();
        ChildProcess writer = new(program, ["-c", "head -c 100000 /dev/zero >large; printf 'a b|%s' \"$1\"", "sh", "$HOME *"])
        {
            WorkFolder = folder.Root,
            MaxFileBytes = 8192,
        };

        ProcessEnd end = await writer.RunAsync(Cancellation);

        Assert.Equal(8192, new FileInfo(folder["large"]).Length);
        Assert.Equal("a b|$HOME *", end.Text);
    }

    [Fact]
    public async Task A_limit_does_not_hide_a_program_that_is_not_there_nor_how_one_ends()
    {
        await Assert.ThrowsAsync<Win32Exception>(
            () => new ChildProcess("no-such-program", []) { MaxFileBytes = 8192 }.RunAsync(Cancellation));

        ProcessEnd end = await (Shell("cat; exit 127") with { Input = "in"u8.ToArray(), MaxFileBytes = 8192 }).RunAsync(Cancellation);
        Assert.Equal((127, "in"), (end.ExitCode, end.Text));
    }

    private static ChildProcess Shell(string command) => new("/bin/sh", ["-c", command]);
}
