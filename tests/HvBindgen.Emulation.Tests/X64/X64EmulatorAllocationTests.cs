using HvBindgen.Emulation.X64;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64;

public sealed class X64EmulatorAllocationTests
{
    private static readonly byte[][] Codes =
    [
        [0x8B, 0x03], // mov eax, [rbx]
        [0x89, 0x03], // mov [rbx], eax
        [0xF0, 0x01, 0x03], // lock add [rbx], eax
        [0xF3, 0xA4], // rep movsb
        [0x0F, 0x11, 0x03], // movups [rbx], xmm0
        [0xC5, 0xFC, 0x10, 0x03], // vmovups ymm0, [rbx]
        [0x48, 0xF7, 0x33], // div qword [rbx]
        [0x0F, 0x94, 0x03], // sete [rbx]
        [0xFF, 0x33], // push qword [rbx]
        [0xE4, 0x70], // in al, 0x70
        [0x0F, 0x0B], // ud2
        [0x0F, 0xA2], // cpuid
        [0xF0, 0x0F, 0xC7, 0x0B], // lock cmpxchg8b [rbx]
        [0x0F, 0x58, 0x03], // addps xmm0, [rbx]
        [0xF2, 0x0F, 0x51, 0xC1], // sqrtsd xmm0, xmm1
        [0xF2, 0x0F, 0x2C, 0xC1], // cvttsd2si eax, xmm1
        [0x66, 0x0F, 0x2F, 0x03], // comisd xmm0, [rbx]
        [0xC4, 0xE2, 0xF5, 0xB8, 0x03], // vfmadd231pd ymm0, ymm1, [rbx]
        [0xD8, 0x03], // fadd dword [rbx]
        [0xD9, 0xFE], // fsin
        [0xD9, 0xF8], // fprem
        [], // fetched
    ];

    [Fact]
    public void An_instruction_allocates_nothing()
    {
        using X64Machine machine = new(64);
        machine.EnableIdentityPaging();
        X64Emulator emulator = new(machine.Memory, new SilentBus(), new SilentVectors());
        RunAll(machine, emulator);

        long allocated = Allocations.OfEach(() =>
        {
            for (int round = 0; round < 200; round++)
            {
                RunAll(machine, emulator);
            }
        });

        Assert.Equal(0, allocated);
    }

    private static void RunAll(X64Machine machine, X64Emulator emulator)
    {
        foreach (byte[] code in Codes)
        {
            for (int place = 0; place < 2; place++)
            {
                machine.State.Rip = 0x8000;
                machine.State.Gpr[1] = 5;
                machine.State.Gpr[3] = place == 0 ? 0x7000 : X64Machine.DeviceBase;
                machine.State.Gpr[4] = 0x7800;
                machine.State.Gpr[6] = 0x7000;
                machine.State.Gpr[7] = X64Machine.DeviceBase;
                emulator.Execute(ref machine.State, new EmulationInput { InstructionBytes = code, PortAccessIsGranted = true });
            }
        }
    }

    private sealed class SilentBus : IX64Bus
    {
        public bool TryReadMemory(ulong gpa, Span<byte> data)
        {
            data.Fill(1);
            return true;
        }

        public bool TryWriteMemory(ulong gpa, ReadOnlySpan<byte> data) => true;

        public bool TryReadPort(ushort port, int sizeBytes, out uint value)
        {
            value = 0;
            return true;
        }

        public bool TryWritePort(ushort port, int sizeBytes, uint value) => true;
    }

    private sealed class SilentVectors : IX64VectorRegisters
    {
        public bool HasFloatingPoint => true;

        public void ReadVector(int index, Span<byte> value) => value.Fill(0x3F);

        // All exceptions masked, and numbers in all registers.
        public void ReadFloatingPoint(Span<byte> image)
        {
            image.Fill(0x3F);
            image[0] = 0x7F;
            image[2] = image[3] = 0;
            image[4] = byte.MaxValue;
            image[24] = 0x80;
            image[25] = 0x1F;
        }

        public void WriteVector(int index, ReadOnlySpan<byte> value, bool clearUpper)
        {
        }
    }
}
