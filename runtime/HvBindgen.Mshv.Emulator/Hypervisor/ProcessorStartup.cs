using System.Buffers.Binary;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>
/// The start of a further processor, on hosts whose KVM does not let INIT and startup interrupts through. The waiting processor's thread
/// then looks, through its fellows' runs, at the command register of their APICs.
/// </summary>
/// <param name="partition">Partition of the processor.</param>
/// <param name="vpIndex">Its index.</param>
/// <param name="engine">Its engine.</param>
/// <param name="startup">Set when a startup interrupt has arrived.</param>
internal sealed class ProcessorStartup(VirtualPartition partition, uint vpIndex, IProcessorEngine engine, HostEvent startup) : IDisposable
{
    private const int InterruptCommandLow = 0x300;
    private const int InterruptCommandHigh = 0x310;
    private const ulong X2ApicEnabled = 1 << 10;
    private const int ShortestWaitMilliseconds = 2;
    private const int LongestWaitMilliseconds = 50;
    private const int NoPage = -1;

    private int startupPage = NoPage;
    private ulong lastCommand;

    /// <summary>Whether the processor waits for a startup interrupt that the emulator has to deliver.</summary>
    internal bool IsAwaited { get; private set; }

    /// <summary>Whether the processor runs, is halted, or waits to be started.</summary>
    internal ProcessorActivity Activity
    {
        get => engine.Stored.Activity;
        set
        {
            engine.Stored.Activity = value;
            IsAwaited = value == ProcessorActivity.WaitingForStartup && !partition.Engine.StartsProcessors;
        }
    }

    /// <summary>Whether the processor executes nothing until an interrupt or a startup interrupt arrives.</summary>
    internal bool IsSleeping => IsAwaited || Activity != ProcessorActivity.Running;

    /// <summary>A startup interrupt arrives; one that does not wait for it ignores it.</summary>
    internal void Signal(byte page)
    {
        if (IsAwaited && Interlocked.CompareExchange(ref startupPage, page, NoPage) == NoPage)
        {
            startup.Set();
        }
    }

    /// <summary>Waits for a startup interrupt.</summary>
    /// <returns>False when a signal ended the wait.</returns>
    internal bool Wait()
    {
        int wait = ShortestWaitMilliseconds;
        while (Volatile.Read(ref startupPage) == NoPage)
        {
            if (!startup.TryWait(wait, out bool hasArrived))
            {
                return false;
            }

            if (!hasArrived)
            {
                // A fellow that does not stop by itself is stopped to look at its APIC.
                foreach (VirtualCpu fellow in partition.Processors)
                {
                    if (!fellow.Startup.IsAwaited)
                    {
                        fellow.Interrupt();
                    }
                }

                wait = Math.Min(wait * 2, LongestWaitMilliseconds);
            }
        }

        startup.Reset();
        engine.State.StartAt((byte)Interlocked.Exchange(ref startupPage, NoPage));
        engine.Stored.Activity = ProcessorActivity.Running;
        IsAwaited = false;
        return true;
    }

    /// <summary>Passes on a startup interrupt that this processor's guest has sent.</summary>
    internal void Forward()
    {
        Span<byte> page = stackalloc byte[ProcessorComponents.ApicPageBytes];
        if (!engine.Stored.TryReadApic(page))
        {
            return;
        }

        uint low = BinaryPrimitives.ReadUInt32LittleEndian(page[InterruptCommandLow..]);
        uint high = BinaryPrimitives.ReadUInt32LittleEndian(page[InterruptCommandHigh..]);
        ulong command = ((ulong)high << 32) | low;
        if ((hv_interrupt_type)((low >> 8) & 7) != hv_interrupt_type.HV_X64_INTERRUPT_TYPE_SIPI || command == lastCommand)
        {
            return;
        }

        lastCommand = command;
        bool isX2Apic = (engine.State.ApicBase & X2ApicEnabled) != 0;
        uint destination = isX2Apic ? high : high >> 24;
        bool isForAll = ((low >> 18) & 3) >= 2 || destination == (isX2Apic ? uint.MaxValue : byte.MaxValue);
        foreach (VirtualCpu fellow in partition.Processors)
        {
            if (fellow.Index != vpIndex && (isForAll || fellow.Index == destination))
            {
                fellow.Startup.Signal((byte)low);
            }
        }
    }

    public void Dispose() => startup.Dispose();
}
