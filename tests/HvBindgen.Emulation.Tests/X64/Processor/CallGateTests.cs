using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Emulation.Tests.X64.Processor;

/// <summary>Calls and jumps through call gates.</summary>
public sealed class CallGateTests
{
    private const ushort Gate = 0x50;
    private const ushort UserCode32 = 0x38;
    private const ulong Program = ProcessorRig.Code + 0x800;
    private const ulong Entered = ProcessorRig.Handlers + 0x8000;

    [Fact]
    public void A_call_of_64_bits_gains_privilege_on_the_stack_of_the_task_and_RETF_gives_it_back()
    {
        using ProcessorRig rig = new(64);
        WriteGate(rig, privilege: 3, ProcessorRig.Code64, parameters: 0);
        rig.Load(
            64,
            code =>
            {
                code.mov(rbx, rsp);
                code.mov(ecx, cs);
                code.mov(rdx, __[rsp + 16]);
                code.mov(r8, __[rsp + 24]);
                code.retf();
            },
            Entered);
        rig.Handle(13, code => code.hlt());
        Enter(rig, 64, ProcessorRig.UserCode64, CallFar);

        rig.RunToHalt();

        Assert.Equal(ProcessorRig.InnerStack - 32, rig.State.Gpr[3]);
        Assert.Equal(ProcessorRig.Code64, rig.State.Gpr[1]);
        Assert.Equal(0x7800UL, rig.State.Gpr[2]);
        Assert.Equal(ProcessorRig.UserData | 3UL, rig.State.Gpr[8]);
        Assert.Equal(ProcessorRig.UserCode64 | 3UL, rig.State.Gpr[6]);
    }

    [Fact]
    public void A_call_of_32_bits_takes_its_parameters_along()
    {
        using ProcessorRig rig = new(32);
        WriteGate(rig, privilege: 3, ProcessorRig.Code32, parameters: 2);
        rig.Memory.Words[(int)(ProcessorRig.Gdt + UserCode32) / 8] = 0x00CF_FB00_0000_FFFF;
        BitConverter.TryWriteBytes(rig.Memory.Bytes[((int)ProcessorRig.Task + 8)..], (uint)ProcessorRig.DataSegment);
        rig.Load(
            32,
            code =>
            {
                code.mov(ebx, __[esp + 8]);
                code.mov(ecx, __[esp + 12]);
                code.mov(esi, __[esp + 20]);
                code.mov(edi, esp);
                code.retf(8);
            },
            Entered);
        rig.Handle(13, code => code.hlt(), bits: 32);
        Enter(rig, 32, UserCode32, code =>
        {
            code.push(0x1111);
            code.push(0x2222);
            code.call(Gate | 3, 0u);
            code.mov(edx, esp);
            code.hlt();
        });

        rig.RunToHalt();

        Assert.Equal((0x2222UL, 0x1111UL), (rig.State.Gpr[3], rig.State.Gpr[1]));
        Assert.Equal(ProcessorRig.UserData | 3UL, rig.State.Gpr[6]);
        Assert.Equal(ProcessorRig.InnerStack - 24, rig.State.Gpr[7]);
        Assert.Equal(0x7800UL, rig.State.Gpr[2]);
    }

    [Theory]
    [InlineData(0, ProcessorRig.Code64, 0x8C, 13, Gate)] // the gate is not for programs
    [InlineData(3, ProcessorRig.Code32, 0x8C, 13, ProcessorRig.Code32)] // leads to code of 32 bits
    [InlineData(3, ProcessorRig.DataSegment, 0x8C, 13, ProcessorRig.DataSegment)]
    [InlineData(3, 0, 0x8C, 13, 0)]
    [InlineData(3, ProcessorRig.Code64, 0x0C, 11, Gate)] // not present
    [InlineData(3, ProcessorRig.Code64, 0x85, 13, Gate)] // a task gate, which long mode has not
    public void What_a_gate_does_not_allow_faults_with_the_selector_that_is_wrong(
        int privilege, int selector, int kind, int vector, int errorCode)
    {
        using ProcessorRig rig = new(64);
        WriteGate(rig, privilege, (ushort)selector, parameters: 0, kind);
        rig.Handle((byte)vector, code =>
        {
            code.pop(rbx);
            code.mov(r9d, vector);
            code.hlt();
        });
        Enter(rig, 64, ProcessorRig.UserCode64, CallFar);

        rig.RunToHalt();

        Assert.Equal(((ulong)vector, (ulong)errorCode), (rig.State.Gpr[9], rig.State.Gpr[3]));
    }

    private static void CallFar(Assembler code)
    {
        code.mov(ebp, (uint)ProcessorRig.Data);
        code.mov(__dword_ptr[rbp], 0);
        code.mov(__word_ptr[rbp + 4], Gate | 3);
        code.call(__fword_ptr[rbp]);
        code.mov(esi, cs);
        code.hlt();
    }

    private static void WriteGate(ProcessorRig rig, int privilege, ushort selector, int parameters, int kind = 0x8C)
    {
        ulong attributes = ((uint)kind | ((uint)privilege << 5)) << 8;
        ulong low = (Entered & 0xFFFF) | ((ulong)selector << 16) | ((attributes | (uint)parameters) << 32);
        int word = (int)(ProcessorRig.Gdt + Gate) / 8;
        rig.Memory.Words[word] = low | ((Entered >> 16) << 48);
        rig.Memory.Words[word + 1] = 0;
    }

    private static void Enter(ProcessorRig rig, int bits, ushort selector, Action<Assembler> program)
    {
        rig.Load(bits, program, Program);
        rig.Load(bits, code =>
        {
            code.push(ProcessorRig.UserData | 3);
            code.push(0x7800);
            code.push(2);
            code.push(selector | 3);
            code.push((int)Program);

            if (bits == 64)
            {
                code.iretq();
            }
            else
            {
                code.mov(eax, ProcessorRig.UserData | 3);
                code.iretd();
            }
        });
    }
}
