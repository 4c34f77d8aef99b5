using System.Text.Json;
using HvBindgen.Cli.Printing;
using HvBindgen.Generator.Tests.Inspect;
using Xunit;

namespace HvBindgen.Generator.Tests.Cli;

/// <summary><c>show</c>, <c>ioctls</c> and <c>decode</c> on the committed snapshots; none of them needs libclang.</summary>
public sealed class InspectCommandTests
{
    [Fact]
    public void A_declaration_is_found_by_the_kernel_s_name_and_by_its_name_in_CSharp()
    {
        using TemporaryFolder folder = CommandLine.Workplace();
        folder.With("hvbindgen.json", folder.Text("hvbindgen.json").Replace(
            "\"output\": \"out\"",
            "\"output\": \"out\", \"stripPrefixes\": [\"DEMO_\"], \"renames\": { \"struct demo_point\": \"Point\" }",
            StringComparison.Ordinal));
        CommandLine.Run(folder, "generate");

        Ending kernel = CommandLine.Run(folder, "show", "demo_point");
        Ending csharp = CommandLine.Run(folder, "show", "Point");

        Assert.Equal((int)ExitCode.Ok, csharp.ExitCode);
        Assert.Equal(kernel.Out, csharp.Out);
        Assert.Contains("My.Demo.Point", csharp.Out, StringComparison.Ordinal);
        Assert.Contains("Constants.LIMIT", CommandLine.Run(folder, "show", "LIMIT").Out, StringComparison.Ordinal);
        Assert.Contains("demo_kind.SOME", CommandLine.Run(folder, "show", "SOME").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Show_prints_a_record_without_colours_where_no_terminal_is()
    {
        Ending result = Run("show", "hv_x64_memory_intercept_message");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains(".header.execution_state.cpl", result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', result.Out);
    }

    [Fact]
    public void Show_prints_JSON_with_places_and_CSharp_of_each_target()
    {
        using JsonDocument json = JsonDocument.Parse(Run("show", "hv_message_header", "--json").Out);

        JsonElement record = Assert.Single(json.RootElement.GetProperty("declarations").EnumerateArray());
        Assert.Equal(
            ["x86_64", "arm64"], record.GetProperty("targets").EnumerateArray().Select(side => side.GetProperty("target").GetString()));
        JsonElement size = record.GetProperty("targets")[0].GetProperty("members")[1];
        Assert.Equal(("payload_size", 32, ".payload_size", "byte"), (
            size.GetProperty("name").GetString(), size.GetProperty("offsetBits").GetInt32(),
            size.GetProperty("csharp").GetString(), size.GetProperty("csharpType").GetString()));
    }

    [Theory]
    [InlineData("show", "hv_mesage", "hv_message")]
    [InlineData("show", "hv_message.heder", "header")]
    [InlineData("decode", "MSHV_RUN_PV", "MSHV_RUN_VP")]
    [InlineData("explain", "HV1O04", "HV1004")]
    public void A_mistyped_name_fails_and_brings_the_nearest(string command, string name, string meant)
    {
        Ending result = Run(command, name);

        Assert.Equal(((int)ExitCode.BadConfiguration, ""), (result.ExitCode, result.Out));
        Assert.Contains($"did you mean {meant}?", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Mistyped_sets_and_targets_bring_the_nearest()
    {
        Assert.Contains("did you mean \"mshv\"?", Run("ioctls", "--set", "mhsv").Error, StringComparison.Ordinal);
        Assert.Contains("did you mean \"arm64\"?", Run("show", "hv_message", "--target", "arm46").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void History_of_a_name_that_never_was_brings_the_nearest()
    {
        string abi = Path.Combine(Path.GetDirectoryName(Sets.ConfigurationPath)!, "abi");

        Ending result = CommandLine.Run("history", "hv_mesage", abi, abi, "--set", "mshv");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("did you mean hv_message?", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Ioctls_lists_the_sets_that_are_named()
    {
        using JsonDocument json = JsonDocument.Parse(Run("ioctls", "--set", "mshv", "--json").Out);

        JsonElement[] ioctls = [.. json.RootElement.GetProperty("ioctls").EnumerateArray()];
        Assert.All(ioctls, ioctl => Assert.Equal("mshv", ioctl.GetProperty("set").GetString()));
        Assert.Equal(3, ioctls.Count(ioctl => ioctl.GetProperty("request").GetString() == "0xc020b807"));
    }

    [Fact]
    public void Decode_tells_known_numbers_from_others_by_its_exit_code()
    {
        Ending known = Run("decode", "0xc020b807");
        Ending other = Run("decode", "0xc028b807", "--json");

        Assert.Equal(((int)ExitCode.Ok, (int)ExitCode.Difference), (known.ExitCode, other.ExitCode));
        using JsonDocument json = JsonDocument.Parse(other.Out);
        Assert.Equal(
            (40, "MSHV_ROOT_HVCALL"),
            (json.RootElement.GetProperty("size").GetInt32(), json.RootElement.GetProperty("near")[0].GetProperty("name").GetString()));
    }

    [Fact]
    public void Decode_reads_messages_in_binary_and_in_digits_alike()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["message.bin"], Messages.MemoryX64());
        File.WriteAllText(folder["message.txt"], Convert.ToHexString(Messages.MemoryX64()));

        Ending binary = Run("decode", "--message", folder["message.bin"]);
        Ending digits = Run("decode", "--message", folder["message.txt"]);

        Assert.Equal((0, ""), (binary.ExitCode, binary.Error));
        Assert.Contains("HVMSG_GPA_INTERCEPT", binary.Out, StringComparison.Ordinal);
        Assert.Equal(binary.Out, digits.Out);
    }

    [Fact]
    public void The_type_decides_for_which_machine_a_message_is_unless_a_target_is_named()
    {
        using TemporaryFolder folder = new();
        byte[] reset = new byte[256];
        ((ReadOnlySpan<byte>)[0x0c, 0, 1, 0x80, 32]).CopyTo(reset);
        File.WriteAllBytes(folder["reset"], reset);
        File.WriteAllBytes(folder["memory"], Messages.MemoryArm64());

        Assert.Contains(
            "hv_arm64_reset_intercept_message  set mshv, arm64", Run("decode", "-m", folder["reset"]).Out, StringComparison.Ordinal);
        Assert.Contains(
            "hv_arm64_memory_intercept_message  set mshv, arm64", Run("decode", "-m", folder["memory"], "-t", "arm64").Out,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_reads_bytes_as_any_record()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("bytes", "02 00 00 00 00 00 00 00  01 00 00 00 00 00 00 00");

        Ending result = Run("decode", "--message", folder["bytes"], "--record", "mshv_create_partition");

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"pt_isolation +1\b", result.Out);
    }

    [Theory]
    [InlineData("hello", 19)]
    [InlineData("01 02", 19)]
    public void Bytes_that_are_no_message_are_refused(string content, int exitCode)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("bytes", content);

        Ending result = Run("decode", "--message", folder["bytes"]);

        Assert.Equal((exitCode, ""), (result.ExitCode, result.Out));
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("decode")]
    [InlineData("decode", "1", "--message", "x")]
    [InlineData("decode", "1", "--record", "x")]
    public void Decode_wants_a_number_or_a_message(params string[] arguments) =>
        Assert.Equal((int)ExitCode.BadConfiguration, Run(arguments).ExitCode);

    [Fact]
    public void Without_a_configuration_what_is_built_in_is_asked_and_that_is_said()
    {
        using TemporaryFolder folder = new();

        Ending number = RunIn(folder, "decode", "0xc020b807");
        Ending request = RunIn(folder, "show", "KVM_RUN", "--set", "kvm", "--json");
        Ending other = RunIn(folder, "show", "KVM_RUN", "--target", "riscv64");

        Assert.Equal((0, Run("decode", "0xc020b807").Out), (number.ExitCode, number.Out));
        Assert.Matches(@"^note: no hvbindgen.json here; asking what is built in: mshv and kvm of Linux \d+\.\d+", number.Error);
        Assert.Contains("built in: kvm of Linux", request.Error, StringComparison.Ordinal);
        Assert.Equal(Run("show", "KVM_RUN", "--set", "kvm", "--json").Out, request.Out);
        Assert.Equal((int)ExitCode.BadConfiguration, other.ExitCode);
        Assert.Contains("Its targets are: x86_64, arm64", other.Error, StringComparison.Ordinal);
        Assert.Empty(folder.Entries());
    }

    [Fact]
    public void A_configuration_goes_before_what_is_built_in()
    {
        using TemporaryFolder folder = CommandLine.Workplace();
        Assert.Equal(0, CommandLine.Run(folder, "snapshot").ExitCode);

        Ending own = RunIn(folder, "show", "demo_point");
        Ending other = RunIn(folder, "show", "mshv_root_hvcall");

        Assert.Equal((0, ""), (own.ExitCode, own.Error));
        Assert.Equal((int)ExitCode.BadConfiguration, other.ExitCode);
    }

    [Fact]
    public void A_missing_file_and_a_missing_snapshot_are_said()
    {
        using TemporaryFolder folder = CommandLine.Workplace();

        Assert.Equal(19, Run("decode", "--message", folder["gone"]).ExitCode);
        Ending result = CommandLine.Run(folder, "show", "demo_point");
        Assert.Equal((int)ExitCode.SnapshotUnreadable, result.ExitCode);
        Assert.Contains("there is no snapshot of set demo for x86_64", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_completed_for_the_shell()
    {
        string line = $"show --config {Sets.ConfigurationPath} hv_x64_mem";

        Ending words = CommandLine.Run($"[suggest:{line.Length}]", line);

        Assert.Contains("hv_x64_memory_intercept_message", words.Out, StringComparison.Ordinal);
    }

    private static Ending RunIn(TemporaryFolder folder, params string[] arguments) =>
        new ChildProgram("dotnet", [Path.Combine(AppContext.BaseDirectory, "hvbindgen.dll"), .. arguments]) { Folder = folder.Root }.Run();

    private static Ending Run(params string[] arguments) => CommandLine.Run([.. arguments, "--config", Sets.ConfigurationPath]);
}
