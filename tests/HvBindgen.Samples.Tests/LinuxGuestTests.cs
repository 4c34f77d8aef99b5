using Xunit;

namespace HvBindgen.Samples.Tests;

/// <summary>Debian's kernel on processors in software. It is fetched once, and kept where the user keeps such things.</summary>
public class LinuxGuestTests
{
    private const string AskForCursor = "\e[6n"; // the shell asks a terminal where its cursor is

    [Fact]
    public void Linux_comes_to_a_shell_whose_commands_answer_and_switches_itself_off()
    {
        string[] lines =
        [
            "uname -sr",
            "grep -c ^processor /proc/cpuinfo",
            "cat /sys/devices/system/clocksource/clocksource0/current_clocksource",
            "grep -c 'Hyper-V clockevent' /proc/timer_list",
            "head -n 1 /dev/vda",
            "echo to the other console > /dev/hvc0",
            "date +%Y | grep -c ^20",
            "exit",
        ];

        Ending result = Run([.. lines.SelectMany(line => (string[])["--script", line])]);

        Assert.True(result.ExitCode == 0, $"exit code {result.ExitCode}: {result.Error} {Tail(result.Out)}");
        string transcript = TranscriptOf(result);
        Assert.Contains("Hypervisor detected: Microsoft Hyper-V", transcript, StringComparison.Ordinal);
        Assert.Contains("Booting paravirtualized kernel on Hyper-V", transcript, StringComparison.Ordinal);

        // The hypercalls that CPUID recommends.
        Assert.Contains("Hyper-V: Using hypercall for remote TLB flush", transcript, StringComparison.Ordinal);
        Assert.Contains("Hyper-V: Using IPI hypercalls", transcript, StringComparison.Ordinal);
        AssertInOrder(
            transcript,
            "Run /init as init process",
            "guest# uname -sr\nLinux 6.1.0-50-cloud-amd64\n",
            "guest# grep -c ^processor /proc/cpuinfo\n2\n",
            "current_clocksource\nhyperv_clocksource_tsc_page\n",
            "/proc/timer_list\n2\n", // synthetic timers, one for each processor
            "guest# head -n 1 /dev/vda\na disk in the monitor's memory\n",
            "guest# echo to the other console > /dev/hvc0\n",
            "to the other console",
            "guest# date +%Y | grep -c ^20\n1\n",
            "guest# exit\n",
            "reboot: Power down",
            "The guest switched itself off.\n");
        TestContext.Current.TestOutputHelper?.WriteLine(result.Error);
    }

    [Fact]
    public void A_start_with_a_seed_is_the_same_to_the_last_time_stamp()
    {
        Requirement.Sweep("two starts of Linux");
        string[] arguments =
            ["--seed", "5", "--script", "date; cat /proc/interrupts", "--script", "od -N 16 -x /dev/urandom", "--script", "exit"];

        Ending first = Run(arguments);
        Ending second = Run(arguments);

        Assert.True(first.ExitCode == 0, $"exit code {first.ExitCode}: {first.Error} {Tail(first.Out)}");
        AssertInOrder(TranscriptOf(first), "[    0.", "guest# od -N 16 -x /dev/urandom\n0000000 ", "reboot: Power down", "guest time ");
        Assert.Equal(first.Out, second.Out);
    }

    [Fact]
    public void A_guest_saved_at_its_prompt_goes_on_in_other_processes_and_resets_itself_in_one_of_them()
    {
        using TemporaryFolder folder = new();
        string file = folder["machine"];

        Ending saved = Run(["--append", "quiet", "--script", "kept=42", "--script", "echo on the disk > /dev/vda; sync", "--save", file]);
        Assert.True(saved.ExitCode == 0, $"exit code {saved.ExitCode}: {saved.Error} {Tail(saved.Out)}");
        Assert.EndsWith($"{file}: the guest is saved.\n", saved.Out, StringComparison.Ordinal);

        Ending restored = Run(
            ["--restore", file, "--script", "echo $kept", "--script", "sleep 1; head -n 1 /dev/vda", "--script", "exit"]);
        Assert.True(restored.ExitCode == 0, $"exit code {restored.ExitCode}: {restored.Error} {Tail(restored.Out)}");
        AssertInOrder(
            TranscriptOf(restored),
            "echo $kept\n42\n",
            "guest# sleep 1; head -n 1 /dev/vda\non the disk\n",
            "guest# exit\n",
            "The guest switched itself off.\n");

        Ending reset = Run(["--restore", file, "--script", "reboot -f"]);
        Assert.True(reset.ExitCode == 0, $"exit code {reset.ExitCode}: {reset.Error} {Tail(reset.Out)}");
        Assert.EndsWith("The guest reset itself.\n", reset.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_that_nothing_can_be_saved_to_is_named_before_the_guest_is_looked_for()
    {
        Requirement.Software();
        using TemporaryFolder folder = new();
        string place = folder["missing/machine"];

        Ending result = Sample.Run("LinuxGuest", [folder.Root, "--save", place], backend: "software");

        Assert.Equal((64, ""), (result.ExitCode, result.Out));
        Assert.Contains(place, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(folder["busybox"], result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_guest_that_is_never_saved_leaves_the_place_for_it_as_it_was()
    {
        Requirement.Software();
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["kept"], "of another day");

        foreach (string name in (ReadOnlySpan<string>)["new", "kept"])
        {
            Ending result = Sample.Run("LinuxGuest", [folder.Root, "--save", folder[name]], backend: "software");

            Assert.Equal((64, ""), (result.ExitCode, result.Out));
            Assert.Contains(folder["busybox"], result.Error, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(folder["new"]));
        Assert.Equal("of another day", File.ReadAllText(folder["kept"]));
    }

    [Theory]
    [InlineData()]
    [InlineData("--script", "x")]
    [InlineData("folder", "--processors", "0")]
    [InlineData("folder", "--timeout", "soon")]
    [InlineData("folder", "--save")]
    public void Wrong_arguments_are_refused_and_the_right_ones_shown(params string[] arguments)
    {
        Ending result = Sample.Run("LinuxGuest", arguments);

        Assert.Equal((64, ""), (result.ExitCode, result.Out));
        Assert.Contains("LinuxGuest FOLDER [--script LINE]...", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_the_files_is_named()
    {
        Requirement.Software();
        using TemporaryFolder folder = new();

        Ending result = new ChildProgram(Sample.PathOf("LinuxGuest"), folder.Root)
        {
            Environment = new Dictionary<string, string?> { ["HVBINDGEN_MSHV"] = "software" },
        }.Run();

        Assert.Equal((64, ""), (result.ExitCode, result.Out));
        Assert.Contains(folder.Root, result.Error, StringComparison.Ordinal);
    }

    private static Ending Run(string[] arguments)
    {
        Requirement.Software();
        return Sample.Run("LinuxGuest", [GuestImages.Fetch(), "--timeout", "280", .. arguments], backend: "software");
    }

    private static string TranscriptOf(Ending ending) =>
        ending.Out.Replace(AskForCursor, "", StringComparison.Ordinal).ReplaceLineEndings("\n");

    private static void AssertInOrder(string text, params ReadOnlySpan<string> pieces)
    {
        int at = 0;
        foreach (string piece in pieces)
        {
            int found = text.IndexOf(piece, at, StringComparison.Ordinal);
            Assert.True(found >= 0, $"'{piece}' does not come after what came before: {Tail(text)}");
            at = found + piece.Length;
        }
    }

    private static string Tail(string text) => text[Math.Max(0, text.Length - 2000)..];
}
