using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Boot;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Processors;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>Port accesses of guests, single and in strings, in every mode.</summary>
public sealed class PortGuests
{
    private const ushort Port = 0x80;
    private const ulong DirectionFlag = 1 << 10;

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    public void Inputs_replace_as_much_of_the_accumulator_as_the_processor_does(int bits)
    {
        using RunningGuest guest = new();
        ScriptedPort port = new(0x99887766);
        guest.Handlers.Ports.Map(Port, 4, port);
        guest.Load(bits, a =>
        {
            a.mov(eax, 0x11223344);
            a.@in(al, (byte)Port);
            a.@out((byte)Port, eax);
            a.mov(eax, 0x11223344);
            a.mov(dx, Port);
            a.@in(ax, dx);
            a.@out(dx, eax);
            a.mov(eax, 0x11223344);
            a.@in(eax, dx);
            a.@out(dx, eax);
            a.@out(dx, ax);
            a.@out(dx, al);
            a.@out((byte)RunningGuest.EndPort, al);
        });
        if (bits == 64)
        {
            guest.Processor.Registers.Set(hv_register_name.HV_X64_REGISTER_RAX, ulong.MaxValue);
        }

        guest.RunToEnd();

        Assert.Equal(
            [(4, 0x11223366u), (4, 0x11227766u), (4, 0x99887766u), (2, 0x7766u), (1, 0x66u)],
            port.Writes);
        Assert.Equal([1, 2, 4], port.ReadSizes);
        Assert.Equal(0x99887766UL, guest.Processor.X64.General.Rax);
    }

    public static TheoryData<int, int, bool, bool> Strings
    {
        get
        {
            TheoryData<int, int, bool, bool> cases = [];
            foreach (int bits in new[] { 16, 32, 64 })
            {
                foreach (int width in new[] { 1, 2, 4 })
                {
                    cases.Add(bits, width, false, false);
                    cases.Add(bits, width, false, true);
                    cases.Add(bits, width, true, false);
                    cases.Add(bits, width, true, true);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Strings))]
    public void A_string_goes_out_and_comes_in_element_by_element_across_pages(int bits, int widthBytes, bool isInput, bool isBackward)
    {
        // More than one batch of the run loop, and elements that straddle pages.
        const int Count = 1500;
        using RunningGuest guest = new();
        ulong[] values = Enumerable.Range(0, Count).Select(i => (ulong)(uint)(i * 0x01030507) & Mask(widthBytes)).ToArray();
        ScriptedPort port = new([.. values.Select(value => (uint)value)]);
        guest.Handlers.Ports.Map(Port, 4, port);
        ulong start = RunningGuest.DataGpa + 0xffd + (isBackward ? (ulong)((Count - 1) * widthBytes) : 0);
        if (!isInput)
        {
            for (int i = 0; i < Count; i++)
            {
                guest.Partition.Memory.Write(At(i), BitConverter.GetBytes(values[i]).AsSpan(0, widthBytes));
            }
        }

        guest.Load(bits, a =>
        {
            a.mov(dx, Port);
            Instruction instruction = (isInput, widthBytes) switch
            {
                (true, 1) => Instruction.CreateInsb(bits, RepPrefixKind.Repe),
                (true, 2) => Instruction.CreateInsw(bits, RepPrefixKind.Repe),
                (true, _) => Instruction.CreateInsd(bits, RepPrefixKind.Repe),
                (false, 1) => Instruction.CreateOutsb(bits, Register.DS, RepPrefixKind.Repe),
                (false, 2) => Instruction.CreateOutsw(bits, Register.DS, RepPrefixKind.Repe),
                _ => Instruction.CreateOutsd(bits, Register.DS, RepPrefixKind.Repe),
            };
            a.AddInstruction(instruction);
            a.@out((byte)RunningGuest.EndPort, al);
        });
        X64BootState state = new X64BootState()
            .Set(hv_register_name.HV_X64_REGISTER_RSI, isInput ? 0x1234 : Pointer(start))
            .Set(hv_register_name.HV_X64_REGISTER_RDI, isInput ? Pointer(start) : 0x1234)
            .Set(hv_register_name.HV_X64_REGISTER_RCX, Count)
            .Set(hv_register_name.HV_X64_REGISTER_RFLAGS, 2 | (isBackward ? DirectionFlag : 0));
        if (bits == 16)
        {
            hv_register_name segment = isInput ? hv_register_name.HV_X64_REGISTER_ES : hv_register_name.HV_X64_REGISTER_DS;
            state.Set(segment, new Abi.hv_x64_segment_register
            {
                selector = (ushort)(RunningGuest.DataGpa >> 4),
                @base = RunningGuest.DataGpa,
                limit = 0xffff,
                attributes = 0x93,
            });
        }

        state.ApplyTo(guest.Processor);
        guest.RunToEnd();

        ulong end = Pointer(start) + (isBackward ? 0 - (ulong)(Count * widthBytes) : (ulong)(Count * widthBytes));
        X64GeneralRegisters general = guest.Processor.X64.General;
        Assert.Equal((0UL, 0x1234UL), (general.Rcx, isInput ? general.Rsi : general.Rdi));
        Assert.Equal(end, isInput ? general.Rdi : general.Rsi);
        if (isInput)
        {
            Assert.Equal(values, Enumerable.Range(0, Count).Select(i => Value(guest.Partition.Memory.GetSpan(At(i), widthBytes))));
        }
        else
        {
            Assert.Equal(values.Select(value => (widthBytes, (uint)value)), port.Writes);
        }

        ulong At(int i) => start + (isBackward ? 0 - (ulong)(i * widthBytes) : (ulong)(i * widthBytes));

        ulong Pointer(ulong gpa) => bits == 16 ? gpa - RunningGuest.DataGpa : gpa;
    }

    private static ulong Mask(int widthBytes) => (1UL << (8 * widthBytes)) - 1;

    private static ulong Value(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int i = bytes.Length - 1; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        return value;
    }

    /// <summary>Gives values in turn, the last one for ever, and keeps what is written.</summary>
    private sealed class ScriptedPort(params uint[] answers) : IPortIoHandler
    {
        private int next;

        internal List<(int SizeBytes, uint Value)> Writes { get; } = [];

        internal List<int> ReadSizes { get; } = [];

        public uint Read(uint vpIndex, int offset, int sizeBytes)
        {
            ReadSizes.Add(sizeBytes);
            return answers[Math.Min(next++, answers.Length - 1)];
        }

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value) => Writes.Add((sizeBytes, value));
    }
}
