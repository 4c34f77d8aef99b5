using System.Net.Sockets;
using Xunit;

namespace HvBindgen.Samples.Tests;

public sealed class DebuggedGuestTests
{
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Gdb_stops_the_guest_changes_what_it_prints_and_lets_it_go()
    {
        Requirement.Hypervisor();
        Requirement.Program("gdb", "gdb");
        using TemporaryFolder folder = new();
        string place = folder["gdb"];
        Task<Ending> sample = new ChildProgram(Sample.PathOf("DebuggedGuest"), place) { TimeLimit = TooLong }
            .RunAsync(TestContext.Current.CancellationToken);
        await Until(() => File.Exists(place), sample);

        Ending gdb = await Gdb(
            $"target remote {place}", "set architecture i8086", "hbreak *0x100b", "continue", "print/c $al", "set $al = 'J'", "delete",
            "continue");
        Ending guest = await sample;

        Assert.Contains("= 72 'H'", gdb.Out, StringComparison.Ordinal);
        Assert.Equal((0, ""), (guest.ExitCode, guest.Error));
        Assert.Equal(
            $"Waiting for: gdb -ex 'target remote {place}'\nJello, gdb\nThe guest switched itself off.\n", guest.Out);
    }

    [Fact]
    public async Task Gdb_may_end_the_guest_before_it_has_done_anything()
    {
        Requirement.Hypervisor();
        Requirement.Program("gdb", "gdb");
        using TemporaryFolder folder = new();
        string place = folder["gdb"];
        Task<Ending> sample = new ChildProgram(Sample.PathOf("DebuggedGuest"), place) { TimeLimit = TooLong }
            .RunAsync(TestContext.Current.CancellationToken);
        await Until(() => File.Exists(place), sample);

        await Gdb($"target remote {place}", "kill");
        Ending guest = await sample;

        Assert.Equal((0, ""), (guest.ExitCode, guest.Error));
        Assert.EndsWith("\ngdb ended the guest.\n", guest.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_that_is_taken_is_an_error_that_says_so()
    {
        Requirement.Hypervisor();
        using TemporaryFolder folder = new();
        using Socket taken = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        taken.Bind(new UnixDomainSocketEndPoint(folder["gdb"]));

        Ending result = Sample.Run("DebuggedGuest", [folder["gdb"]]);

        Assert.Equal((2, ""), (result.ExitCode, result.Out));
        Assert.StartsWith("No debugger can connect here. ", result.Error, StringComparison.Ordinal);
    }

    private static async Task<Ending> Gdb(params string[] commands)
    {
        List<string> arguments = ["-nx", "-batch"];

        foreach (string command in (ReadOnlySpan<string>)["set pagination off", "set confirm off", .. commands])
        {
            arguments.AddRange(["-ex", command]);
        }

        return await new ChildProgram("gdb", arguments) { TimeLimit = TooLong }.RunAsync(TestContext.Current.CancellationToken);
    }

    private static async Task Until(Func<bool> isSo, Task<Ending> sample)
    {
        while (!isSo())
        {
            Assert.False(sample.IsCompleted, "the sample ended");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
