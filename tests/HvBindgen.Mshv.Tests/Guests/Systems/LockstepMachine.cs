using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Running;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Tests.Guests.Systems;

/// <summary>Runs system programs on one engine, and notes all registers at each access to a port.</summary>
internal sealed class LockstepMachine : IDisposable
{
    /// <summary>What is noted where a program is in code that is not its own; nothing follows.</summary>
    internal const string Astray = "goes astray";

    private const int MostAccesses = 200;
    private const ushort DeniedPorts = 0xE0;
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(40); // most take milliseconds; of a busy machine seconds

    private static readonly Name[] General =
    [
        .. Enumerable.Range((int)Name.HV_X64_REGISTER_RAX, 16).Select(each => (Name)each),
        Name.HV_X64_REGISTER_RIP, Name.HV_X64_REGISTER_RFLAGS, Name.HV_X64_REGISTER_CR0, Name.HV_X64_REGISTER_CR2,
        Name.HV_X64_REGISTER_CR3, Name.HV_X64_REGISTER_CR4, Name.HV_X64_REGISTER_CR8, Name.HV_X64_REGISTER_EFER,
        Name.HV_X64_REGISTER_DR6, Name.HV_X64_REGISTER_DR7, Name.HV_X64_REGISTER_STAR, Name.HV_X64_REGISTER_LSTAR,
        Name.HV_X64_REGISTER_SFMASK, Name.HV_X64_REGISTER_KERNEL_GS_BASE, Name.HV_X64_REGISTER_SYSENTER_CS,
        Name.HV_X64_REGISTER_SYSENTER_EIP, Name.HV_X64_REGISTER_SYSENTER_ESP,
    ];

    private static readonly Name[] Segments =
    [
        Name.HV_X64_REGISTER_CS, Name.HV_X64_REGISTER_SS, Name.HV_X64_REGISTER_DS, Name.HV_X64_REGISTER_ES,
        Name.HV_X64_REGISTER_FS, Name.HV_X64_REGISTER_GS, Name.HV_X64_REGISTER_LDTR, Name.HV_X64_REGISTER_TR,
    ];

    private static readonly Name[] Tables = [Name.HV_X64_REGISTER_GDTR, Name.HV_X64_REGISTER_IDTR];
    private static readonly Name[] All = [.. General, .. Segments, .. Tables];

    private readonly MshvEmulator emulator;
    private readonly RunningGuest guest;
    private readonly hv_register_value[] values = new hv_register_value[All.Length];
    private readonly List<string> events = [];

    internal LockstepMachine(MshvEngine engine)
    {
        emulator = new MshvEmulator(new MshvEmulatorOptions { Engine = engine });
        guest = new RunningGuest(emulator: emulator);
        guest.OnReport = vector => NoteAccess($"reports {vector}");
        guest.Handlers.Ports.Map(DeniedPorts, 16, new OtherDevice(this));
    }

    /// <summary>Runs a program.</summary>
    /// <returns>What happened, in order; the last is how it ended, with its registers.</returns>
    internal IReadOnlyList<string> Run(SystemProgram program)
    {
        events.Clear();
        guest.Reports.Clear();
        guest.Partition.Memory.Write(0, program.Image.Bytes);
        program.Registers().ApplyTo(guest.Processor);
        using CancellationTokenSource deadline = new(LongestRun);
        RunResult result = guest.Loop.Run(deadline.Token);

        // KVM resets a processor that has shut down.
        if (result.End == RunEnd.TripleFault)
        {
            return [.. events, "ends with a triple fault"];
        }

        if (events is [.., Astray])
        {
            return [.. events];
        }

        Note($"ends with {result.End}");
        if (result.End != RunEnd.PowerOff)
        {
            events.Add($"{result.Detail} {result.Fault}");
        }

        return [.. events];
    }

    /// <summary>What memory is after the run, but for stacks and for which pages were accessed: a processor may note that for what then
    /// faults.</summary>
    internal byte[] Memory()
    {
        const byte Accessed = 0x20;
        byte[] bytes = new byte[SystemLayout.End];
        guest.Partition.Memory.Read(0, bytes);
        for (ulong address = SystemLayout.Level4; address < SystemLayout.PaePointers + SystemLayout.PageBytes; address += sizeof(uint))
        {
            bytes[address] &= unchecked((byte)~Accessed);
        }

        // Flags that were stored on the way have the resume flag that KVM had left.
        bytes.AsSpan(SystemLayout.StacksStart, SystemLayout.StacksBytes).Clear();
        return bytes;
    }

    public void Dispose()
    {
        guest.Dispose();
        emulator.Dispose();
    }

    private void NoteAccess(string what)
    {
        Note(what);
        if (IsAstray())
        {
            events[^1] = Astray;
        }

        if (events.Count >= MostAccesses || events[^1] == Astray)
        {
            guest.Loop.RequestEnd(RunEnd.Requested);
        }
    }

    // Whether the width of the code is not the one that it was written for, or it is none of the program's: from there on programs do
    // what QEMU's processor does not check.
    private bool IsAstray()
    {
        const int Long = 1 << 13;
        const int Big = 1 << 14;
        Abi.hv_x64_segment_register code = values[Array.IndexOf(All, Name.HV_X64_REGISTER_CS)].segment;
        int bits = IsLong && (code.attributes & Long) != 0 ? 64 : (code.attributes & Big) != 0 ? 32 : 16;
        ulong rip = values[Array.IndexOf(All, Name.HV_X64_REGISTER_RIP)].reg64;
        return SystemLayout.BitsOf(bits == 64 ? rip : code.@base + rip) != bits;
    }

    private bool IsLong => (values[Array.IndexOf(All, Name.HV_X64_REGISTER_EFER)].reg64 & 0x400) != 0;

    private void Note(string what)
    {
        guest.Processor.Registers.Get(All, values);
        int index = 0;
        List<string> registers = [];
        foreach (Name name in General)
        {
            registers.Add($"{Short(name)}={values[index].reg64 & ~Uncertain(name):x}");
            index++;
        }

        foreach (Name name in Segments)
        {
            registers.Add($"{Short(name)}={Describe(name, values[index++].segment, IsLong)}");
        }

        foreach (Name name in Tables)
        {
            registers.Add($"{Short(name)}={values[index].table.@base:x}+{values[index++].table.limit:x}");
        }

        events.Add($"{what}: {string.Join(' ', registers)}");
    }

    // KVM leaves the resume flag where it carries out a port's instruction itself, and steps behind it at once where the guest steps. A
    // processor may tell of breakpoints that are not enabled.
    private static ulong Uncertain(Name name)
    {
        const ulong ResumeFlag = 1 << 16;
        const ulong SingleStep = 1 << 14;
        const ulong Breakpoints = 0xF;
        return name switch
        {
            Name.HV_X64_REGISTER_RFLAGS => ResumeFlag,
            Name.HV_X64_REGISTER_SYSENTER_CS => ~(ulong)ushort.MaxValue, // some processors keep more of it than the selector
            Name.HV_X64_REGISTER_DR6 => SingleStep | Breakpoints,
            _ => 0,
        };
    }

    private static string Short(Name name) => name.ToString()["HV_X64_REGISTER_".Length..];

    // What KVM has no word for: of a segment that is not present the rest; whether the limit counted pages; and the accessed bit, which
    // it says to be set.
    private static string Describe(Name name, Abi.hv_x64_segment_register segment, bool isLong)
    {
        const int Present = 0x80;
        const int Compared = 0x70FE;
        bool hasBase = isLong && name is Name.HV_X64_REGISTER_FS or Name.HV_X64_REGISTER_GS;
        return (segment.attributes & Present) == 0
            ? $"{(segment.selector > 3 ? segment.selector : 0):x}:{(hasBase ? segment.@base : 0):x}"
            : $"{segment.selector:x}:{segment.@base:x}+{segment.limit:x},{segment.attributes & Compared:x}";
    }

    private sealed class OtherDevice(LockstepMachine machine) : IPortIoHandler
    {
        public uint Read(uint vpIndex, int offset, int sizeBytes)
        {
            machine.NoteAccess($"reads port {offset}");
            return 0x5A;
        }

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value) => machine.NoteAccess($"writes port {offset} {value:x}");
    }
}
