using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>Interrupts from outside a partition: routes of events, and interrupts that the client asserts.</summary>
internal sealed unsafe class InterruptRouting(VirtualPartition partition)
{
    /// <summary>The local APIC delivers none below.</summary>
    internal const byte FirstVector = 16;

    private const ulong BroadcastXApic = 0xff;

    private readonly Lock tableLock = new();
    private readonly List<(uint Gsi, int Fd)> resamplers = [];
    private readonly HashSet<InterruptMessage> levelMessages = [];
    private InterruptRoute[] routes = [];

    /// <summary>The route of an event's number.</summary>
    internal InterruptRoute? FindRoute(uint gsi)
    {
        lock (tableLock)
        {
            foreach (InterruptRoute route in routes)
            {
                if (route.Gsi == gsi)
                {
                    return route;
                }
            }
        }

        return null;
    }

    /// <summary>Replaces all routes; where that fails, those there were stay.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal int SetRoutes(InterruptRoute[] replacement)
    {
        lock (tableLock)
        {
            InterruptRoute[] before = routes;
            routes = replacement;
            int errno = Apply();
            if (errno != 0)
            {
                routes = before;
            }

            return errno;
        }
    }

    internal void AddResampler(uint gsi, int fd)
    {
        lock (tableLock)
        {
            resamplers.Add((gsi, fd));
        }
    }

    internal void RemoveResampler(uint gsi, int fd)
    {
        lock (tableLock)
        {
            _ = resamplers.Remove((gsi, fd));
        }
    }

    /// <summary>Told of every interrupt's end, with processor and vector, where somebody else has the resamplers.</summary>
    internal Action<uint, byte>? OnEnd { get; set; }

    /// <summary>Tells resamplers of the end of an interrupt. The driver compares the vector with their number.</summary>
    /// <returns>Whether there was one, so that the client hears of it by its event.</returns>
    internal bool NotifyEnd(uint vpIndex, byte vector)
    {
        if (OnEnd is not null)
        {
            OnEnd(vpIndex, vector);
            return true;
        }

        bool isNotified = false;
        lock (tableLock)
        {
            foreach ((uint gsi, int fd) in resamplers)
            {
                if (gsi == vector)
                {
                    ulong one = 1;
                    _ = CLibrary.Write(fd, &one, sizeof(ulong));
                    isNotified = true;
                }
            }
        }

        return isNotified;
    }

    /// <summary>HvCallAssertVirtualInterrupt.</summary>
    /// <returns>A status.</returns>
    internal int Assert(in hv_input_assert_virtual_interrupt input)
    {
        hv_interrupt_type type = (hv_interrupt_type)input.control.interrupt_type;
        if (type >= hv_interrupt_type.HV_X64_INTERRUPT_TYPE_MAXIMUM || input.target_vtl != 0 || !IsVector(type, input.vector))
        {
            return Hv.HV_STATUS_INVALID_PARAMETER;
        }

        if (!partition.Options.HasApic)
        {
            return Hv.HV_STATUS_INVALID_PARTITION_STATE;
        }

        switch (type)
        {
            case hv_interrupt_type.HV_X64_INTERRUPT_TYPE_EXTINT:
                return AssertExternal(in input);
            case hv_interrupt_type.HV_X64_INTERRUPT_TYPE_LOCALINT0:
            case hv_interrupt_type.HV_X64_INTERRUPT_TYPE_LOCALINT1:
                return AssertLine(type == hv_interrupt_type.HV_X64_INTERRUPT_TYPE_LOCALINT1, in input);
            case hv_interrupt_type.HV_X64_INTERRUPT_TYPE_SMI:
            case hv_interrupt_type.HV_X64_INTERRUPT_TYPE_REMOTEREAD:
                partition.Host.Refusals.Report($"interrupts of type {type} cannot be asserted");
                return Hv.HV_STATUS_PROCESSOR_FEATURE_NOT_SUPPORTED;
        }

        if (input.control.logical_dest_mode == 0 && !Targets(input.dest_addr).Any())
        {
            return Hv.HV_STATUS_INVALID_VP_INDEX;
        }

        if (!partition.Engine.StartsProcessors
            && (type is hv_interrupt_type.HV_X64_INTERRUPT_TYPE_INIT or hv_interrupt_type.HV_X64_INTERRUPT_TYPE_SIPI))
        {
            return AssertStartup(type, in input);
        }

        InterruptMessage message = new(
            (uint)input.dest_addr,
            input.control.logical_dest_mode != 0,
            (byte)type,
            (byte)input.vector,
            input.control.level_triggered != 0);
        return Send(in message);
    }

    /// <summary>Sends a fixed interrupt to one processor.</summary>
    internal int SendTo(uint vpIndex, byte vector) =>
        Send(new InterruptMessage(vpIndex, false, (byte)hv_interrupt_type.HV_X64_INTERRUPT_TYPE_FIXED, vector, false));

    private int Send(in InterruptMessage message)
    {
        if (message.IsLevel && message.DeliveryMode <= (byte)hv_interrupt_type.HV_X64_INTERRUPT_TYPE_LOWESTPRIORITY)
        {
            lock (tableLock)
            {
                // The engine reports the end of an interrupt only if it finds it among the routes.
                if (levelMessages.Add(message) && Apply() != 0)
                {
                    return Hv.HV_STATUS_OPERATION_FAILED;
                }
            }
        }

        return partition.Engine.SignalMessage(in message) == 0 ? Hv.HV_STATUS_SUCCESS : Hv.HV_STATUS_OPERATION_FAILED;
    }

    private static bool IsVector(hv_interrupt_type type, uint vector) => type switch
    {
        hv_interrupt_type.HV_X64_INTERRUPT_TYPE_FIXED or hv_interrupt_type.HV_X64_INTERRUPT_TYPE_LOWESTPRIORITY =>
            vector is >= FirstVector and <= byte.MaxValue,
        hv_interrupt_type.HV_X64_INTERRUPT_TYPE_NMI or hv_interrupt_type.HV_X64_INTERRUPT_TYPE_INIT => vector == 0,
        hv_interrupt_type.HV_X64_INTERRUPT_TYPE_EXTINT => vector is <= byte.MaxValue or Hv.HV_INTERRUPT_VECTOR_NONE,
        _ => vector <= byte.MaxValue,
    };

    // Processors that an address of the physical mode means.
    private IEnumerable<VirtualCpu> Targets(ulong address) => address is BroadcastXApic or uint.MaxValue
        ? partition.Processors
        : address < uint.MaxValue && partition.FindProcessor((uint)address) is { } one ? [one] : [];

    // On a host whose KVM starts no processors: one that waits is started, one that runs cannot be reset.
    private int AssertStartup(hv_interrupt_type type, in hv_input_assert_virtual_interrupt input)
    {
        if (input.dest_addr > uint.MaxValue || partition.FindProcessor((uint)input.dest_addr) is not { } processor)
        {
            return Hv.HV_STATUS_INVALID_VP_INDEX;
        }

        if (type == hv_interrupt_type.HV_X64_INTERRUPT_TYPE_SIPI)
        {
            processor.Startup.Signal((byte)input.vector);
        }
        else if (!processor.Startup.IsAwaited)
        {
            partition.Host.Refusals.Report("this host's KVM cannot reset a running processor with INIT");
            return Hv.HV_STATUS_PROCESSOR_FEATURE_NOT_SUPPORTED;
        }

        return Hv.HV_STATUS_SUCCESS;
    }

    // It goes to the boot processor, and no other can be named; without a vector it takes back the one that waits.
    private int AssertExternal(in hv_input_assert_virtual_interrupt input)
    {
        if (input.dest_addr != 0)
        {
            return Hv.HV_STATUS_INVALID_PARAMETER;
        }

        byte? vector = input.vector == Hv.HV_INTERRUPT_VECTOR_NONE ? null : (byte)input.vector;
        return partition.FindProcessor(0) is not { } processor ? Hv.HV_STATUS_INVALID_VP_INDEX
            : processor.Lines.TrySetExternal(vector) ? Hv.HV_STATUS_SUCCESS
            : Hv.HV_STATUS_ACKNOWLEDGED;
    }

    // LINT0 and LINT1 do what a processor's APIC is programmed to do.
    private int AssertLine(bool isSecond, in hv_input_assert_virtual_interrupt input)
    {
        int status = Hv.HV_STATUS_INVALID_VP_INDEX;
        foreach (VirtualCpu processor in Targets(input.dest_addr))
        {
            bool isAccepted = processor.Lines.TryAssert(isSecond, (byte)input.vector);
            status = isAccepted && status != Hv.HV_STATUS_ACKNOWLEDGED ? Hv.HV_STATUS_SUCCESS : Hv.HV_STATUS_ACKNOWLEDGED;
        }

        return status;
    }

    private int Apply()
    {
        List<InterruptRoute> all = [.. routes];
        HashSet<uint> used = [.. routes.Select(route => route.Gsi)];

        // The engine reports the end of level-triggered interrupts of low routes: where there is none, one is added that no event uses.
        uint limit = partition.Engine.LevelRouteCount;
        HashSet<InterruptMessage> reported = [.. routes.Where(route => route.Gsi < limit).Select(route => route.Message)];
        uint gsi = limit;
        foreach (InterruptMessage message in levelMessages.Concat(routes.Where(route => route.Gsi >= limit).Select(route => route.Message)))
        {
            if (!message.IsLevel || !reported.Add(message))
            {
                continue;
            }

            do
            {
                gsi--;
            }
            while (gsi < limit && used.Contains(gsi));
            if (gsi >= limit)
            {
                partition.Host.Refusals.Report("too many routes: the end of some level-triggered interrupts is not reported");
                break;
            }

            all.Add(new InterruptRoute(gsi, message));
        }

        return partition.Engine.SetRoutes(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(all));
    }
}
