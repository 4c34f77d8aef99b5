using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Gdb.Debugging;

/// <summary>What a debug register watches: the numbers are those of DR7.</summary>
internal enum WatchKind
{
    /// <summary>Execution.</summary>
    Execute = 0,

    /// <summary>Writing.</summary>
    Write = 1,

    /// <summary>Reading and writing.</summary>
    Access = 3,
}

/// <summary>A place that a debug register watches.</summary>
/// <param name="Kind">What is watched.</param>
/// <param name="Address">Linear address, a multiple of the length.</param>
/// <param name="SizeBytes">1, 2, 4 or 8; 1 for execution.</param>
internal readonly record struct Watch(WatchKind Kind, ulong Address, int SizeBytes);

/// <summary>The four debug registers, the same on every processor. While gdb has one of them the guest's own are put by.</summary>
internal sealed class HardwareBreakpoints(IReadOnlyList<VirtualProcessor> processors)
{
    private const int Count = 4;

    // DR7: both enabling bits of a register, and the bits that are set whatever is watched.
    private const ulong Enabled = 0b11;
    private const ulong AlwaysSet = 1 << 10;
    private const int ControlBit = 16;

    // DR6 after a reset: nothing has happened.
    private const ulong NothingHappened = 0xffff_0ff0;

    private readonly Watch?[] watches = new Watch?[Count];
    private readonly X64DebugRegisters[] guests = new X64DebugRegisters[processors.Count];
    private bool isActive;

    internal bool TryInsert(Watch watch)
    {
        int free = Array.IndexOf(watches, watch);
        free = free >= 0 ? free : Array.IndexOf(watches, null);
        if (free < 0 || watch.SizeBytes is not (1 or 2 or 4 or 8) || watch.Address % (ulong)watch.SizeBytes != 0)
        {
            return false;
        }

        watches[free] = watch;
        return true;
    }

    internal void Remove(Watch watch)
    {
        int place = Array.IndexOf(watches, watch);
        if (place >= 0)
        {
            watches[place] = null;
        }
    }

    internal void RemoveAll() => Array.Clear(watches);

    /// <summary>The watched place that a debug exception is about.</summary>
    /// <param name="status">What the processor says has happened: DR6.</param>
    internal Watch? Hit(ulong status)
    {
        Watch? place = null;
        for (int i = 0; i < Count; i++)
        {
            if ((status >> i & 1) != 0 && watches[i] is { } watch)
            {
                // Behind a write the next instruction may be watched as well: that comes again, the write does not.
                if (watch.Kind != WatchKind.Execute)
                {
                    return watch;
                }

                place ??= watch;
            }
        }

        return place;
    }

    /// <summary>Gives the registers to the processors before they go on; the guest may have written to them meanwhile.</summary>
    internal void Apply()
    {
        bool shallBeActive = watches.Any(watch => watch is not null);
        for (int i = 0; i < processors.Count && (isActive || shallBeActive); i++)
        {
            X64Registers registers = processors[i].X64;
            if (!isActive)
            {
                guests[i] = registers.Debug;
            }

            registers.Debug = shallBeActive ? Registers() : guests[i];
        }

        isActive = shallBeActive;
    }

    private X64DebugRegisters Registers()
    {
        ulong control = AlwaysSet;
        for (int i = 0; i < Count; i++)
        {
            if (watches[i] is { } watch)
            {
                control |= Enabled << (2 * i);
                control |= ((ulong)watch.Kind | (LengthCode(watch.SizeBytes) << 2)) << (ControlBit + (4 * i));
            }
        }

        return new X64DebugRegisters
        {
            Dr0 = watches[0]?.Address ?? 0,
            Dr1 = watches[1]?.Address ?? 0,
            Dr2 = watches[2]?.Address ?? 0,
            Dr3 = watches[3]?.Address ?? 0,
            Dr6 = NothingHappened,
            Dr7 = control,
        };
    }

    private static ulong LengthCode(int sizeBytes) => sizeBytes switch
    {
        1 => 0,
        2 => 1,
        4 => 3,
        8 => 2,
        _ => throw new ArgumentOutOfRangeException(nameof(sizeBytes), sizeBytes, "A debug register watches 1, 2, 4 or 8 bytes."),
    };
}
