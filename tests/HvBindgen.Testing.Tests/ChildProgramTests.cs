using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace HvBindgen.Testing.Tests;

public sealed partial class ChildProgramTests
{
    private const int UserSignal = 12; // SIGUSR2, which the runtime has no use for
    private const nint Ignore = 1; // SIG_IGN

    [Fact]
    public void It_gets_arguments_input_variables_and_folder_and_gives_all_it_printed()
    {
        using TemporaryFolder folder = new();
        ChildProgram program = new("sh", "-c", "cat; echo \"$1 $NAME $HOME\"; pwd -P; echo bad >&2; exit 3", "sh", "a b")
        {
            Folder = folder.Root,
            Input = "in\n",
            Environment = new Dictionary<string, string?> { ["NAME"] = "value", ["HOME"] = null },
        };

        Assert.Equal(new Ending(3, $"in\na b value \n{folder.Root}\n", "bad\n"), program.Run());
    }

    [Fact]
    public void A_program_that_is_not_there_ends_as_in_a_shell() =>
        Assert.Equal(ChildProgram.NotFound, ChildProgram.Run("no-such-program").ExitCode);

    [Fact]
    public void Input_that_nobody_reads_is_no_fault() =>
        Assert.Equal(0, new ChildProgram("true") { Input = new string('x', 1 << 20) }.Run().ExitCode);

    [Fact]
    public void It_is_killed_with_its_children_when_its_time_is_over()
    {
        long start = Stopwatch.GetTimestamp();
        ChildProgram program = new("sh", "-c", "echo begun; sleep 100 & wait") { TimeLimit = TimeSpan.FromSeconds(1) };

        Assert.Contains("begun", Assert.Throws<TimeoutException>(program.Run).Message, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Signals_that_the_tests_ignore_reach_it()
    {
        // Inherited where nothing is done about it, as SIGINT is from nohup.
        nint before = SetHandler(UserSignal, Ignore);
        try
        {
            using Process plain = Process.Start("sh", ["-c", $"kill -{UserSignal} $$; exit 3"]);
            plain.WaitForExit();

            Assert.Equal(3, plain.ExitCode);
            Assert.Equal(128 + UserSignal, ChildProgram.Run("sh", "-c", $"kill -{UserSignal} $$; exit 3").ExitCode);
        }
        finally
        {
            _ = SetHandler(UserSignal, before);
        }
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);
}
