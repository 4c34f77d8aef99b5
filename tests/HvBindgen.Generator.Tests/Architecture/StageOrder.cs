using System.Collections.Concurrent;

namespace HvBindgen.Generator.Tests.Architecture;

/// <summary>The folders of a project, each with those that it may use.</summary>
internal sealed class StageOrder
{
    private static readonly ConcurrentDictionary<string, Lazy<SourceArrows>> Read = new(StringComparer.Ordinal);

    private StageOrder(string project, params (string Stage, string[] Uses)[] arrows)
    {
        Project = project;
        Arrows = arrows.ToDictionary(arrow => arrow.Stage, arrow => arrow.Uses, StringComparer.Ordinal);
    }

    /// <summary>Every project but those whose sources are generated.</summary>
    internal static IReadOnlyList<StageOrder> All { get; } =
    [
        // Configuration turns a file into requests to all stages; nobody but the command line uses it.
        new("generator/HvBindgen.Generator",
            ("", []),
            ("Model", []),
            ("Files", []),
            ("Clang", []),
            ("Output", ["Files"]),
            ("Processes", []),
            ("Headers", ["Files", "Processes"]),
            ("Parsing", ["Clang", "Files", "Model"]),
            ("Emit", ["Model"]),
            ("Packing", ["Model"]),
            ("Snapshots", ["Files", "Model"]),
            ("Diff", ["Model", "Output"]),
            ("Lint", ["Diff", "Model", "Output"]),
            ("Verification", ["Model", "Processes"]),
            ("Inspect", ["Emit", "Model", "Output"]),
            ("Configuration", ["Diff", "Emit", "Files", "Headers", "Inspect", "Lint", "Model", "Parsing"])) { ForAll = "" },
        // From what is printed, over how a command runs and what it reads, to the commands.
        new("generator/HvBindgen.Cli",
            ("Printing", []),
            ("Running", ["Printing"]),
            ("Starting", []),
            ("Sets", ["Printing", "Running"]),
            ("Sides", ["Printing", "Running", "Sets"]),
            ("Examining", ["Printing", "Running", "Sets"]),
            ("Commands", ["Examining", "Printing", "Running", "Sets", "Sides", "Starting"]),
            ("", ["Commands", "Printing", "Running"])),
        // From a project's lines to its files. Polyfills are what the framework lacks.
        new("generator/HvBindgen.Uapi",
            ("Polyfills", []),
            ("Names", []),
            ("Diagnostics", ["Names"]),
            ("Project", ["Diagnostics"]),
            ("Snapshots", ["Diagnostics", "Names"]),
            ("Selection", ["Diagnostics", "Names", "Project"]),
            ("Output", ["Diagnostics", "Names", "Project", "Selection"]),
            ("", ["Diagnostics", "Names", "Output", "Project", "Snapshots"])) { ForAll = "Polyfills" },
        new("generator/HvBindgen.UapiData", ("", [])),
        new("runtime/HvBindgen.Abi", ("", [])),
        // At the top is GuestArchitecture. Owners come after what they own: a child knows no parent.
        new("runtime/HvBindgen.Mshv",
            ("", []),
            ("Interop", []),
            ("Intercepts", []),
            ("Diagnostics", []),
            ("Handlers", ["Intercepts"]),
            ("Calls", ["Interop"]),
            ("Memory", ["Calls", "Interop"]),
            ("Interrupts", ["Calls", "Interop"]),
            ("Processors", ["Calls", "Interop", "Memory"]),
            ("Partitions", ["Calls", "Interop", "Interrupts", "Memory", "Processors"]),
            ("Devices", ["Calls", "Interop", "Partitions", "Processors"]),
            ("Vtl", ["Calls", "Devices", "Interop", "Interrupts"]),
            ("Running", ["Calls", "Diagnostics", "Handlers", "Intercepts", "Interop", "Processors"]),
            ("Boot", ["Memory", "Processors"]),
            ("Saving", ["Calls", "Interrupts", "Memory", "Partitions", "Processors"]),
            ("Recording", ["Interop", "Processors"])) { ForAll = "" },
        new("runtime/HvBindgen.Mshv.Emulator",
            ("Interop", []),
            ("Engine", ["Interop"]),
            ("Hypervisor", ["Engine", "Interop"]),
            ("Driver", ["Engine", "Hypervisor", "Interop"]),
            ("", ["Driver", "Engine", "Hypervisor", "Interop"])),
        new("runtime/HvBindgen.Mshv.Gdb",
            ("Protocol", []),
            ("Registers", []),
            ("Debugging", ["Protocol"]),
            ("", ["Debugging", "Protocol", "Registers"])),
        // At the top are the contracts that both machines' emulators stand on.
        new("runtime/HvBindgen.Emulation",
            ("", []),
            ("Interop", []),
            ("A64", [""]),
            ("X64", ["", "Interop"])),
        new("runtime/HvBindgen.Mshv.Conformance",
            ("Probing", []),
            ("Cases", ["Probing"]),
            ("", ["Probing", "Cases"])),
        new("runtime/HvBindgen.Mshv.Run", ("", [])),
    ];

    /// <summary>The project's folder, from the repository's root.</summary>
    internal string Project { get; }

    /// <summary>The order.</summary>
    internal IReadOnlyDictionary<string, string[]> Arrows { get; }

    /// <summary>A stage that every other may use.</summary>
    internal string? ForAll { get; private init; }

    /// <summary>Which folder uses which.</summary>
    internal SourceArrows Sources => Read.GetOrAdd(Project, project => new Lazy<SourceArrows>(() => SourceArrows.Read(project))).Value;

    internal static StageOrder Of(string project) => All.Single(order => order.Project == project);

    /// <summary>What a stage uses that stands after it.</summary>
    internal IEnumerable<string> Backward(string stage) =>
        Sources.Beyond(stage, ForAll is null ? Arrows[stage] : [.. Arrows[stage], ForAll]);
}
