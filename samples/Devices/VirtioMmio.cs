using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Saving;

namespace ExampleDevices;

/// <summary>The registers of a virtio device in memory (virtio 1.2, section 4.2).</summary>
public sealed class VirtioMmio : IMmioHandler, ISavedDevice
{
    /// <summary>Bytes that the registers take.</summary>
    public const uint SizeBytes = 0x200;

    private const uint Magic = 0x7472_6976; // "virt"
    private const uint Version = 2;
    private const uint Vendor = 0x4247_5648; // "HVGB"
    private const uint FeaturesOfVersion1 = 1; // bit 32 of all: the second word's first
    private const uint UsedBuffer = 1;
    private const ulong ConfigurationOffset = 0x100;

    private readonly VirtioDevice device;
    private readonly Action raiseInterrupt;
    private readonly Virtqueue[] queues;
    private readonly Lock changing = new();
    private uint featureWord;
    private uint queueIndex;
    private uint status;
    private uint interrupts;

    /// <summary>Puts registers before a device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="memory">Guest memory.</param>
    /// <param name="raiseInterrupt">Tells the guest that there is something to look at.</param>
    public VirtioMmio(VirtioDevice device, GuestAddressSpace memory, Action raiseInterrupt)
    {
        this.device = device;
        this.raiseInterrupt = raiseInterrupt;
        queues = [.. Enumerable.Range(0, device.QueueCount).Select(_ => new Virtqueue(memory))];
    }

    /// <inheritdoc/>
    public string StateName => $"virtio {device.Kind}";

    /// <inheritdoc/>
    public byte[] SaveState()
    {
        MemoryStream bytes = new();
        using BinaryWriter state = new(bytes);
        lock (changing)
        {
            state.Write(featureWord);
            state.Write(queueIndex);
            state.Write(status);
            state.Write(interrupts);
            Array.ForEach(queues, queue => queue.Save(state));
            state.Write(device.SaveContent());
        }

        state.Flush();
        return bytes.ToArray();
    }

    /// <inheritdoc/>
    public void RestoreState(ReadOnlySpan<byte> state)
    {
        using BinaryReader reader = new(new MemoryStream(state.ToArray()));
        lock (changing)
        {
            try
            {
                featureWord = reader.ReadUInt32();
                queueIndex = reader.ReadUInt32();
                status = reader.ReadUInt32();
                interrupts = reader.ReadUInt32();
                Array.ForEach(queues, queue => queue.Restore(reader));
                device.RestoreContent(reader.ReadBytes(state.Length));
            }
            catch (Exception exception) when (exception is EndOfStreamException or InvalidDataException)
            {
                throw new MachineStateFormatException($"{StateName}: {exception.Message}");
            }
        }
    }

    /// <summary>The device has something for the driver by itself: it serves a queue. From any thread.</summary>
    /// <param name="index">Number of the queue.</param>
    public void Serve(int index)
    {
        lock (changing)
        {
            if (!device.Serve(index, queues[index]))
            {
                return;
            }

            interrupts |= UsedBuffer;
        }

        raiseInterrupt();
    }

    /// <inheritdoc/>
    public ulong Read(uint vpIndex, ulong offset, int sizeBytes)
    {
        lock (changing)
        {
            return offset >= ConfigurationOffset ? ReadConfiguration(offset - ConfigurationOffset, sizeBytes) : offset switch
            {
                0x000 => Magic,
                0x004 => Version,
                0x008 => device.Kind,
                0x00c => Vendor,
                0x010 => featureWord == 1 ? FeaturesOfVersion1 : 0,
                0x034 => Chosen is null ? 0u : Virtqueue.MaximumSize,
                0x044 => Chosen is { IsReady: true } ? 1u : 0,
                0x060 => interrupts,
                0x070 => status,
                _ => 0,
            };
        }
    }

    /// <inheritdoc/>
    public void Write(uint vpIndex, ulong offset, int sizeBytes, ulong value)
    {
        const ulong QueueNotify = 0x050;
        if (offset == QueueNotify)
        {
            if (value < (ulong)queues.Length)
            {
                Serve((int)value);
            }

            return;
        }

        lock (changing)
        {
            Set(offset, (uint)value);
        }
    }

    private Virtqueue? Chosen => queueIndex < queues.Length ? queues[queueIndex] : null;

    private void Set(ulong offset, uint value)
    {
        switch (offset)
        {
            case 0x014:
                featureWord = value;
                break;
            case 0x030:
                queueIndex = value;
                break;
            case 0x038 when Virtqueue.IsSize(value):
                Chosen?.Size = (int)value;
                break;
            case 0x044:
                Chosen?.IsReady = value == 1;
                break;
            case 0x064:
                interrupts &= ~value;
                break;
            case 0x070:
                SetStatus(value);
                break;
            case 0x080 or 0x084 when Chosen is { } queue:
                queue.Descriptors = WithHalf(queue.Descriptors, offset, value);
                break;
            case 0x090 or 0x094 when Chosen is { } queue:
                queue.Available = WithHalf(queue.Available, offset, value);
                break;
            case 0x0a0 or 0x0a4 when Chosen is { } queue:
                queue.Used = WithHalf(queue.Used, offset, value);
                break;
            default:
                break; // the features that the driver takes are the one it must; all other registers are read-only
        }
    }

    // Zero resets the device.
    private void SetStatus(uint value)
    {
        status = value;
        if (value == 0)
        {
            interrupts = 0;
            Array.ForEach(queues, queue => queue.Reset());
        }
    }

    private ulong ReadConfiguration(ulong offset, int sizeBytes)
    {
        ulong value = 0;
        for (int index = 0; index < sizeBytes; index++)
        {
            int at = (int)offset + index;
            value |= at < device.Configuration.Length ? (ulong)device.Configuration[at] << (8 * index) : 0;
        }

        return value;
    }

    private static ulong WithHalf(ulong whole, ulong offset, uint half) => (offset & 4) == 0
        ? (whole & ~(ulong)uint.MaxValue) | half
        : (whole & uint.MaxValue) | ((ulong)half << 32);
}
