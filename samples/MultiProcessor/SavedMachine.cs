using HvBindgen.Mshv.Partitions;
using HvBindgen.Mshv.Processors;

namespace MultiProcessor;

/// <summary>A machine at a standstill, as bytes: memory, time and each processor's state.</summary>
/// <param name="memory">Memory.</param>
/// <param name="referenceTime">The partition's clock.</param>
/// <param name="processors">States in their stored form, by the processors' indexes.</param>
internal sealed class SavedMachine(byte[] memory, TimeSpan referenceTime, IReadOnlyList<byte[]> processors)
{
    /// <summary>Size of the processors' states.</summary>
    public int ProcessorBytes => processors.Sum(state => state.Length);

    /// <summary>Saves a machine, which is paused.</summary>
    /// <param name="machine">The machine.</param>
    public static SavedMachine Save(GuestMachine machine)
    {
        Partition partition = machine.Partition;
        using TimeFreezeScope freeze = partition.Properties.FreezeTime(); // so that clocks and timers agree
        byte[] memory = new byte[GuestMachine.RamBytes];
        partition.Memory.Read(0, memory);
        return new SavedMachine(
            memory,
            partition.Properties.ReferenceTime,
            [.. partition.Processors.Select(processor => processor.SaveState().ToArray())]);
    }

    /// <summary>Puts everything into another machine, which has not run yet.</summary>
    /// <param name="machine">The machine.</param>
    public void RestoreTo(GuestMachine machine)
    {
        Partition partition = machine.Partition;
        using TimeFreezeScope freeze = partition.Properties.FreezeTime();
        partition.Properties.ReferenceTime = referenceTime;
        partition.Memory.Write(0, memory);
        foreach (VirtualProcessor processor in partition.Processors)
        {
            processor.RestoreState(VpState.Parse(processors[(int)processor.Index]));
        }
    }
}
