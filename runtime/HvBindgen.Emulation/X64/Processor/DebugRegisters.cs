using HvBindgen.Emulation.X64.Execution;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>The debug registers, and what their breakpoints meet (SDM volume 3, 19.2).</summary>
internal sealed class DebugRegisters
{
    private const ulong Dr6Writable = 0xE00F;
    private const ulong Dr6Breakpoints = 0xF;
    private const ulong Dr7Writable = 0xFFFF_2BFF;
    private const int Execution = 0;
    private const int Port = 2;
    private const int ReadOrWrite = 3;

    private readonly ulong[] addresses = new ulong[WatchedAddresses.Count];
    private uint onExecution;
    private uint onPorts;

    /// <summary>DR0 to DR3.</summary>
    internal ReadOnlySpan<ulong> Addresses => addresses;

    internal ulong Dr6 { get; private set; } = X64Bits.Dr6Fixed;

    internal ulong Dr7 { get; private set; } = X64Bits.Dr7Fixed;

    /// <summary>Breakpoints on data, and which breakpoints were met behind the instruction that met them.</summary>
    internal WatchedAddresses Watched { get; } = new();

    /// <summary>Told when breakpoints have changed.</summary>
    internal Action? OnChanged { get; set; }

    /// <summary>Whether any breakpoint is enabled, or what was met is still to be reported.</summary>
    internal bool IsArmed => (onExecution | onPorts) != 0 || !Watched.IsEmpty || Watched.Hits != 0;

    /// <summary>Whether a breakpoint is enabled that may be met by each iteration of a repeated instruction.</summary>
    internal bool LooksAtIterations => onPorts != 0 || !Watched.IsEmpty;

    /// <summary>Gives them the values they have after a reset.</summary>
    internal void Reset()
    {
        Array.Clear(addresses);
        Dr6 = X64Bits.Dr6Fixed;
        Watched.Hits = 0;
        SetControl(0);
    }

    /// <summary>Writes one of DR0 to DR3.</summary>
    internal void SetAddress(int number, ulong value)
    {
        addresses[number] = value;
        Follow();
    }

    /// <summary>Writes DR6.</summary>
    internal void SetStatus(ulong value) => Dr6 = (value & Dr6Writable) | X64Bits.Dr6Fixed;

    /// <summary>Writes DR7.</summary>
    internal void SetControl(ulong value)
    {
        Dr7 = (value & Dr7Writable) | X64Bits.Dr7Fixed;
        Follow();
    }

    /// <summary>Tells a debug exception that is about to be delivered what caused it, with what was met and not yet reported.</summary>
    /// <param name="cause">Bits of DR6.</param>
    internal void Report(ulong cause)
    {
        Dr6 = (Dr6 & ~Dr6Breakpoints) | cause | Watched.Hits;
        Dr7 &= ~X64Bits.Dr7GeneralDetect;
        Watched.Hits = 0;
    }

    /// <summary>A task begins: breakpoints of the one before are no longer enabled.</summary>
    /// <param name="traps">Whether the task wants a debug exception in front of its first instruction.</param>
    internal void BeginTask(bool traps)
    {
        const ulong OfTask = 0x155;
        const uint TaskSwitched = 1 << 15;
        Watched.Hits |= traps ? TaskSwitched : 0;
        SetControl(Dr7 & ~OfTask);
    }

    /// <summary>The breakpoints on the instruction at an address, one bit each.</summary>
    internal uint FindExecution(ulong linear)
    {
        uint met = 0;

        for (int number = 0; number < WatchedAddresses.Count; number++)
        {
            met |= addresses[number] == linear ? onExecution & (1u << number) : 0;
        }

        return met;
    }

    /// <summary>Notes an access to ports.</summary>
    internal void NotePorts(ushort port, int sizeBytes)
    {
        for (int number = 0; number < WatchedAddresses.Count; number++)
        {
            if ((onPorts & (1u << number)) != 0)
            {
                int size = SizeOf(number);
                int first = (ushort)addresses[number] & ~(size - 1);
                Watched.Hits |= port < first + size && first < port + sizeBytes ? 1u << number : 0;
            }
        }
    }

    private void Follow()
    {
        const int SizeOfControl = 4;
        const int FirstControl = 16;
        Watched.Clear();
        onExecution = 0;
        onPorts = 0;

        for (int number = 0; number < WatchedAddresses.Count; number++)
        {
            // Enabled for the task or for all.
            if (((Dr7 >> (number * 2)) & 3) == 0)
            {
                continue;
            }

            int size = SizeOf(number);

            switch ((int)(Dr7 >> (FirstControl + (number * SizeOfControl))) & 3)
            {
                case Execution:
                    // Any other size is undefined, and is met nowhere.
                    onExecution |= size == 1 ? 1u << number : 0;
                    break;
                case Port:
                    onPorts |= 1u << number;
                    break;
                case var kind:
                    Watched.Set(number, addresses[number] & ~(ulong)(size - 1), size, includesReads: kind == ReadOrWrite);
                    break;
            }
        }

        OnChanged?.Invoke();
    }

    private int SizeOf(int number)
    {
        const int FirstSize = 18;
        return ((int)(Dr7 >> (FirstSize + (number * 4))) & 3) switch
        {
            0 => 1,
            1 => 2,
            2 => 8,
            _ => 4,
        };
    }
}
