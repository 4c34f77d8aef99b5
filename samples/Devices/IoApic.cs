using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Interrupts;
using HvBindgen.Mshv.Saving;

namespace ExampleDevices;

/// <summary>An I/O APIC with 24 inputs, as far as edge-triggered devices use it: each rise of an input sends one interrupt to the
/// processors that the guest has chosen for it (82093AA data sheet, chapter 3).</summary>
/// <remarks>The hypervisor has the local APICs, but no I/O APIC: sending is asserting. A rise of a masked input is remembered.</remarks>
/// <param name="send">Sends an interrupt; asked from whatever thread raises an input.</param>
public sealed class IoApic(Action<InterruptRequest> send) : IMmioHandler, ISavedDevice
{
    /// <summary>Where PCs have it.</summary>
    public const ulong DefaultGpa = 0xfec0_0000;

    /// <summary>Bytes that it takes.</summary>
    public const ulong SizeBytes = 0x1000;

    private const int InputCount = 24;

    // Registers are chosen by their number at one offset and accessed at another.
    private const int SelectOffset = 0x00;
    private const int WindowOffset = 0x10;
    private const byte IdRegister = 0;
    private const byte VersionRegister = 1;
    private const byte FirstEntry = 0x10;
    private const uint Version = 0x11 | ((InputCount - 1) << 16);

    private const ulong IsLogical = 1 << 11;
    private const ulong IsLevel = 1 << 15;
    private const ulong IsMasked = 1 << 16;
    private const ulong Writable = 0xff00_0000_0001_afff;

    private readonly Lock changing = new();
    private readonly ulong[] entries = [.. Enumerable.Repeat(IsMasked, InputCount)];
    private readonly bool[] waits = new bool[InputCount];
    private byte selected;
    private uint id;

    /// <inheritdoc/>
    public string StateName => "I/O APIC";

    /// <inheritdoc/>
    public byte[] SaveState()
    {
        lock (changing)
        {
            return [.. MemoryMarshal.AsBytes(entries.AsSpan()), .. waits.Select(wait => (byte)(wait ? 1 : 0)), selected, (byte)(id >> 24)];
        }
    }

    /// <inheritdoc/>
    public void RestoreState(ReadOnlySpan<byte> state)
    {
        const int EntryBytes = InputCount * sizeof(ulong);
        const int StateBytes = EntryBytes + InputCount + 2;
        if (state.Length != StateBytes)
        {
            throw new MachineStateFormatException($"an I/O APIC of {state.Length} bytes, not {StateBytes}");
        }

        lock (changing)
        {
            for (int input = 0; input < InputCount; input++)
            {
                entries[input] = MemoryMarshal.Read<ulong>(state[(input * sizeof(ulong))..]) & Writable;
                waits[input] = state[EntryBytes + input] != 0;
            }

            selected = state[^2];
            id = (uint)(state[^1] & 0xf) << 24;
        }
    }

    /// <summary>A device raises an input, from any thread.</summary>
    /// <param name="input">The input, 0 to 23.</param>
    public void Raise(int input)
    {
        InterruptRequest? request;
        lock (changing)
        {
            waits[input] = true;
            request = Take(input);
        }

        Send(request);
    }

    /// <inheritdoc/>
    public ulong Read(uint vpIndex, ulong offset, int sizeBytes)
    {
        lock (changing)
        {
            return offset switch
            {
                SelectOffset => selected,
                WindowOffset => selected switch
                {
                    IdRegister => id,
                    VersionRegister => Version,
                    >= FirstEntry and < FirstEntry + (2 * InputCount) =>
                        (uint)(entries[(selected - FirstEntry) / 2] >> (selected % 2 * 32)),
                    _ => 0,
                },
                _ => 0,
            };
        }
    }

    /// <inheritdoc/>
    public void Write(uint vpIndex, ulong offset, int sizeBytes, ulong value)
    {
        InterruptRequest? request = null;
        lock (changing)
        {
            if (offset == SelectOffset)
            {
                selected = (byte)value;
            }
            else if (offset == WindowOffset && selected == IdRegister)
            {
                id = (uint)value & 0x0f00_0000;
            }
            else if (offset == WindowOffset && selected is >= FirstEntry and < FirstEntry + (2 * InputCount))
            {
                int input = (selected - FirstEntry) / 2;
                int shift = selected % 2 * 32;
                entries[input] = ((entries[input] & ~((ulong)uint.MaxValue << shift)) | ((ulong)(uint)value << shift)) & Writable;
                request = Take(input);
            }
        }

        Send(request);
    }

    private InterruptRequest? Take(int input)
    {
        ulong entry = entries[input];
        if (!waits[input] || (entry & IsMasked) != 0)
        {
            return null;
        }

        waits[input] = false;
        return new InterruptRequest(
            (hv_interrupt_type)((entry >> 8) & 7), entry >> 56, (byte)entry, (entry & IsLevel) != 0, (entry & IsLogical) != 0);
    }

    private void Send(InterruptRequest? request)
    {
        // What the guest has not set up as an interrupt is none.
        const byte FirstVector = 16;
        if (request is { IsLevelTriggered: false, Vector: >= FirstVector } ready
            && ready.Type is (hv_interrupt_type.HV_X64_INTERRUPT_TYPE_FIXED or hv_interrupt_type.HV_X64_INTERRUPT_TYPE_LOWESTPRIORITY))
        {
            send(ready);
        }
    }
}
