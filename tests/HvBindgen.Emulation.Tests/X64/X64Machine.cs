using HvBindgen.Emulation.X64;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>A processor with RAM below 1 MiB, devices everywhere else, and paging off unless a test turns it on.</summary>
internal sealed class X64Machine : IDisposable
{
    public const int RamBytes = 1 << 20;
    public const ulong DeviceBase = 0xFEE0_0000;

    private X64State state;

    public X64Machine(int bits)
    {
        Memory = new FlatMemory(RamBytes);
        Emulator = new X64Emulator(Memory, Bus, Bus);
        state.Rip = 0x8000;
        state.Rflags = 2;
        state.Cr0 = bits == 16 ? 0x10u : 0x11u;
        state.Cr4 = 0x0004_0620;
        state.Xcr0 = 7;
        state.Efer = bits == 64 ? 0x500u : 0;

        for (int index = 0; index < 6; index++)
        {
            state.Segments[index] = new X64SegmentState
            {
                Limit = bits == 16 ? 0xFFFF : uint.MaxValue,
                Type = index == X64SegmentFile.Cs ? 0xB : 3,
                IsCodeOrData = true,
                IsPresent = true,
                IsLong = index == X64SegmentFile.Cs && bits == 64,
                IsBig = bits == 32,
            };
        }
    }

    public FlatMemory Memory { get; }

    public RecordingBus Bus { get; } = new();

    public X64Emulator Emulator { get; }

    public ref X64State State => ref state;

    public IGuestPhysicalMemory Ram => Memory;

    /// <summary>Executes instruction bytes at RIP, as delivered by an intercept.</summary>
    public EmulationOutcome Step(params ReadOnlySpan<byte> code) =>
        Emulator.Execute(ref state, new EmulationInput { InstructionBytes = code, PortAccessIsGranted = true });

    /// <summary>Turns on four-level paging: 2 MiB pages, identity, for the lowest 4 GiB; tables from 0x1000.</summary>
    public void EnableIdentityPaging()
    {
        Span<ulong> words = Memory.Words;
        words[512] = 0x2007;

        for (int directory = 0; directory < 4; directory++)
        {
            words[1024 + directory] = (0x3000 + ((ulong)directory * 0x1000)) | 7;

            for (int entry = 0; entry < 512; entry++)
            {
                words[1536 + (directory * 512) + entry] = ((ulong)((directory * 512) + entry) << 21) | 0x87;
            }
        }

        state.Cr3 = 0x1000;
        state.Cr0 |= 1UL << 31;
    }

    public void Dispose() => Memory.Dispose();
}
