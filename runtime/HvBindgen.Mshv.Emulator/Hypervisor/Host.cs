using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>The emulated machine: its engine and its properties, shared by all partitions.</summary>
internal sealed class Host : IDisposable
{
    private readonly Lazy<IEngineDevice> device;
    private long lastPartitionId = 1;

    /// <param name="open">Opens what executes guest code, when it is first needed.</param>
    /// <param name="report">Takes what is refused.</param>
    internal Host(Func<Host, IEngineDevice> open, Action<string> report)
    {
        Refusals = new Refusals(report);
        Properties = new HostProperties(this);
        device = new Lazy<IEngineDevice>(() => open(this));
    }

    internal RunStatistics Statistics { get; } = new();

    internal Refusals Refusals { get; }

    internal HostProperties Properties { get; }

    /// <summary>Makes sure that the engine is there.</summary>
    /// <exception cref="PlatformNotSupportedException">It is not; the message names the cause.</exception>
    internal void Start() => _ = device.Value;

    internal ReadOnlySpan<CpuidEntry> SupportedCpuid => device.Value.SupportedCpuid;

    internal int XsaveSizeBytes => device.Value.XsaveSizeBytes;

    /// <summary>Frequency of the guests' time-stamp counter, in hertz.</summary>
    internal ulong ClockFrequency => device.Value.ClockFrequency;

    internal ulong NextPartitionId() => (ulong)Interlocked.Increment(ref lastPartitionId);

    /// <summary>Creates the engine of a partition.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal int CreateMachine(PartitionOptions options, out IMachineEngine? machine) =>
        device.Value.CreateMachine(options.HasApic, options.HasX2Apic, out machine);

    /// <summary>A call on the device: properties of the host itself.</summary>
    internal int Hypercall(int code, ref HypercallFrame frame)
    {
        if (frame.Reps != 0)
        {
            return Hv.HV_STATUS_INVALID_HYPERCALL_INPUT;
        }

        return code == Hv.HVCALL_GET_PARTITION_PROPERTY
            ? Properties.Get(frame.Read<hv_input_get_partition_property>(), ref frame)
            : HostProperties.GetEx(frame.Read<hv_input_get_partition_property_ex>(), ref frame);
    }

    public void Dispose()
    {
        if (device.IsValueCreated)
        {
            device.Value.Dispose();
        }
    }
}
