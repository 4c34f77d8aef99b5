using System.Text.RegularExpressions;
using Xunit;

namespace HvBindgen.Generator.Tests.Architecture;

/// <summary>The folders of the runtime's libraries are stages too. Owners come after what they own: a child knows no parent.</summary>
public sealed partial class RuntimeStageTests
{
    private const string Runtime = "runtime/HvBindgen.Mshv";
    private const string Emulator = "runtime/HvBindgen.Mshv.Emulator";
    private const string Gdb = "runtime/HvBindgen.Mshv.Gdb";
    private const string Emulation = "runtime/HvBindgen.Emulation";

    private static readonly Dictionary<string, string[]> RuntimeArrows = new(StringComparer.Ordinal)
    {
        // GuestArchitecture, which all may use.
        [""] = [],
        ["Interop"] = [],
        ["Intercepts"] = [],
        ["Diagnostics"] = [],
        ["Handlers"] = ["Intercepts"],
        ["Calls"] = ["Interop"],
        ["Memory"] = ["Calls", "Interop"],
        ["Interrupts"] = ["Calls", "Interop"],
        ["Processors"] = ["Calls", "Interop", "Memory"],
        ["Partitions"] = ["Calls", "Interop", "Interrupts", "Memory", "Processors"],
        ["Devices"] = ["Calls", "Interop", "Partitions", "Processors"],
        ["Vtl"] = ["Calls", "Devices", "Interop", "Interrupts"],
        ["Running"] = ["Calls", "Diagnostics", "Handlers", "Intercepts", "Interop", "Processors"],
        ["Boot"] = ["Memory", "Processors"],
        ["Saving"] = ["Calls", "Interrupts", "Memory", "Partitions", "Processors"],
        ["Recording"] = ["Interop", "Processors"],
    };

    private static readonly Dictionary<string, string[]> EmulatorArrows = new(StringComparer.Ordinal)
    {
        ["Interop"] = [],
        ["Engine"] = ["Interop"],
        ["Hypervisor"] = ["Engine", "Interop"],
        ["Driver"] = ["Engine", "Hypervisor", "Interop"],
        [""] = ["Driver", "Engine", "Hypervisor", "Interop"],
    };

    private static readonly Dictionary<string, string[]> GdbArrows = new(StringComparer.Ordinal)
    {
        ["Protocol"] = [],
        ["Registers"] = [],
        ["Debugging"] = ["Protocol"],
        [""] = ["Debugging", "Protocol", "Registers"],
    };

    // What is at the top are the contracts that both machines' emulators stand on.
    private static readonly Dictionary<string, string[]> EmulationArrows = new(StringComparer.Ordinal)
    {
        [""] = [],
        ["Interop"] = [],
        ["A64"] = [""],
        ["X64"] = ["", "Interop"],
    };

    private static readonly Lazy<SourceArrows> RuntimeSources = new(() => SourceArrows.Read(Runtime));
    private static readonly Lazy<SourceArrows> EmulatorSources = new(() => SourceArrows.Read(Emulator));
    private static readonly Lazy<SourceArrows> GdbSources = new(() => SourceArrows.Read(Gdb));
    private static readonly Lazy<SourceArrows> EmulationSources = new(() => SourceArrows.Read(Emulation));

    public static TheoryData<string> RuntimeStages => [.. RuntimeArrows.Keys];

    public static TheoryData<string> EmulatorStages => [.. EmulatorArrows.Keys];

    public static TheoryData<string> GdbStages => [.. GdbArrows.Keys];

    public static TheoryData<string> EmulationStages => [.. EmulationArrows.Keys];

    [Fact]
    public void Every_folder_of_the_runtime_is_a_stage_and_no_arrow_leads_back() => RuntimeSources.Value.AssertOrder(RuntimeArrows);

    [Fact]
    public void Every_folder_of_the_emulated_device_is_a_stage_and_no_arrow_leads_back() =>
        EmulatorSources.Value.AssertOrder(EmulatorArrows);

    [Fact]
    public void Every_folder_of_the_gdb_stub_is_a_stage_and_no_arrow_leads_back() => GdbSources.Value.AssertOrder(GdbArrows);

    [Fact]
    public void Every_folder_of_the_emulation_is_a_stage_and_no_arrow_leads_back() => EmulationSources.Value.AssertOrder(EmulationArrows);

    [Theory]
    [MemberData(nameof(EmulationStages))]
    public void A_stage_of_the_emulation_uses_only_the_stages_before_it(string stage) =>
        Assert.Empty(EmulationSources.Value.Beyond(stage, EmulationArrows[stage]));

    [Theory]
    [MemberData(nameof(GdbStages))]
    public void A_stage_of_the_gdb_stub_uses_only_the_stages_before_it(string stage) =>
        Assert.Empty(GdbSources.Value.Beyond(stage, GdbArrows[stage]));

    [Theory]
    [MemberData(nameof(RuntimeStages))]
    public void A_stage_of_the_runtime_uses_only_the_stages_before_it(string stage) =>
        Assert.Empty(RuntimeSources.Value.Beyond(stage, [.. RuntimeArrows[stage], ""]));

    [Theory]
    [MemberData(nameof(EmulatorStages))]
    public void A_stage_of_the_emulated_device_uses_only_the_stages_before_it(string stage) =>
        Assert.Empty(EmulatorSources.Value.Beyond(stage, EmulatorArrows[stage]));

    [Fact]
    public void Uses_are_seen_though_no_namespace_says_so()
    {
        // The loop names no type of Processors when it asks one for its register page.
        Assert.Contains(
            RuntimeSources.Value.Beyond("Running", []),
            use => use.Contains("RegisterWriteBack.cs: IsValid of Processors", StringComparison.Ordinal));
    }

    [Fact]
    public void A_project_declares_the_C_library_s_calls_in_one_place()
    {
        string[] folders = [Repository.PathOf("runtime"), Repository.PathOf("generator")];
        foreach (string project in folders.SelectMany(Directory.GetDirectories))
        {
            // libclang's are another library's.
            string[] holders =
            [
                .. ProjectSources.In(project).Where(file => !file.Contains("/Clang/Interop/", StringComparison.Ordinal)
                    && CLibraryCall().IsMatch(ProjectSources.WithoutComments(File.ReadAllText(file)))),
            ];

            Assert.True(holders.Length <= 1, string.Join(", ", holders));
        }
    }

    [GeneratedRegex(@"\[(LibraryImport|DllImport)\(")]
    private static partial Regex CLibraryCall();
}
