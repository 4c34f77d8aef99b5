using System.Buffers.Binary;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;
using HvBindgen.Mshv.Running;
using Xunit;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Tests.Running;

/// <summary>Device accesses with AVX instructions: the lower halves are registers, the upper ones are in the XSAVE state.</summary>
public sealed class VectorWriteBackTests
{
    private const ulong DeviceGpa = 0xfec00000;
    private const int PresentOffset = 512;
    private const int FormatOffset = 520;
    private const int UpperOffset = 576;
    private const ulong Avx = 4;

    private static readonly byte[] LoadYmm0 = [0xc5, 0xfc, 0x10, 0x03]; // vmovups ymm0, [ebx]
    private static readonly byte[] StoreYmm7 = [0xc5, 0xfc, 0x11, 0x3b]; // vmovups [ebx], ymm7
    private static readonly byte[] LoadXmm1 = [0xc5, 0xf8, 0x10, 0x0b]; // vmovups xmm1, [ebx]

    [Theory]
    [InlineData(false, 832)]
    [InlineData(true, 832)]
    [InlineData(false, 11_008)]
    public void A_load_puts_the_upper_half_into_the_extended_state_and_the_lower_into_a_register(bool hasPage, int stateBytes)
    {
        using TestProcessor processor = Processor(new byte[stateBytes], hasPage);
        processor.ExtendedState![UpperOffset + 16] = 0xee;
        BinaryPrimitives.WriteUInt64LittleEndian(processor.ExtendedState.AsSpan(PresentOffset), 3 | Avx);

        Assert.Equal(Treatment.Progressed, Dispatch(processor, LoadYmm0, InterceptAccess.Read, new TestDevice(0x55)));
        processor.TakePageWrites();

        Assert.Equal(
            [
                X64InstructionTests.Write(Name.HV_X64_REGISTER_XMM0, 0x55, 0x55, hasPage),
                X64InstructionTests.Write(Name.HV_X64_REGISTER_RIP, 0x1004, byPage: hasPage),
            ],
            processor.Writes.OrderByDescending(write => write.Name));
        Assert.Equal((0x55UL, 0x55UL), Upper(processor, 0));
        Assert.Equal((0xeeUL, 0UL), Upper(processor, 1));
        Assert.Equal(1, processor.ExtendedStateWrites);
    }

    [Fact]
    public void A_load_into_a_state_without_AVX_makes_it_present_and_all_other_halves_zero()
    {
        using TestProcessor processor = Processor(new byte[832]);
        processor.ExtendedState.AsSpan(UpperOffset).Fill(0xcc);
        BinaryPrimitives.WriteUInt64LittleEndian(processor.ExtendedState.AsSpan(PresentOffset), 3);

        Dispatch(processor, LoadYmm0, InterceptAccess.Read, new TestDevice(0x55));

        Assert.Equal(3 | Avx, BinaryPrimitives.ReadUInt64LittleEndian(processor.ExtendedState.AsSpan(PresentOffset)));
        Assert.Equal((0x55UL, 0x55UL), Upper(processor, 0));
        Assert.All(Enumerable.Range(1, 15), i => Assert.Equal((0UL, 0UL), Upper(processor, i)));
    }

    [Theory]
    [InlineData(true, 0x8877UL)]
    [InlineData(false, 0UL)]
    public void A_store_reads_the_upper_half_from_the_extended_state_if_it_is_present(bool isPresent, ulong expectedUpper)
    {
        using TestProcessor processor = Processor(new byte[832]);
        processor.Set(Name.HV_X64_REGISTER_XMM7, 0x11, 0x22);
        BinaryPrimitives.WriteUInt64LittleEndian(processor.ExtendedState.AsSpan(UpperOffset + (7 * 16)), 0x8877);
        BinaryPrimitives.WriteUInt64LittleEndian(processor.ExtendedState.AsSpan(PresentOffset), isPresent ? 3 | Avx : 3);
        TestDevice device = new();

        Assert.Equal(Treatment.Progressed, Dispatch(processor, StoreYmm7, InterceptAccess.Write, device));

        Assert.Equal([0x11UL, 0x22UL, expectedUpper, 0UL], device.Accesses.Select(access => access.Value));
        Assert.Equal(0, processor.ExtendedStateWrites);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void A_short_load_clears_the_upper_half_if_there_is_one(bool isPresent, int expectedWrites)
    {
        using TestProcessor processor = Processor(new byte[832]);
        processor.ExtendedState.AsSpan(UpperOffset, 48).Fill(0xcc);
        BinaryPrimitives.WriteUInt64LittleEndian(processor.ExtendedState.AsSpan(PresentOffset), isPresent ? 3 | Avx : 3);

        Assert.Equal(Treatment.Progressed, Dispatch(processor, LoadXmm1, InterceptAccess.Read, new TestDevice(0x55)));

        Assert.Equal(expectedWrites, processor.ExtendedStateWrites);
        Assert.Equal(isPresent ? (0UL, 0UL) : (0xccccccccccccccccUL, 0xccccccccccccccccUL), Upper(processor, 1));
        Assert.Equal((0xccccccccccccccccUL, 0xccccccccccccccccUL), Upper(processor, 2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_state_that_cannot_take_the_half_ends_the_run_and_writes_no_register(bool isGiven)
    {
        using TestProcessor processor = Processor(isGiven ? new byte[832] : null);
        if (isGiven)
        {
            // Compacted, and without room for AVX.
            BinaryPrimitives.WriteUInt64LittleEndian(processor.ExtendedState.AsSpan(FormatOffset), (1UL << 63) | 3);
        }

        X64Dispatcher dispatcher = new(processor, Handlers(new TestDevice(0x55)), new RunOptions());
        hv_message message = TestMessages.Memory(InterceptAccess.Read, DeviceGpa, LoadYmm0);

        Assert.Equal(Treatment.Ended, dispatcher.Dispatch(in message));
        Assert.Equal((RunEnd.Refused, 95), (dispatcher.Result.End, dispatcher.Result.Errno));
        Assert.Empty(processor.Writes);
        Assert.Equal(0, processor.ExtendedStateWrites);
    }

    [Fact]
    public void A_masked_load_of_64_bytes_reads_its_mask_and_writes_the_three_parts_of_its_register()
    {
        using TestProcessor processor = ProcessorWithAvx512(present: 0x27, out int masks, out int upperZmm, out _);
        TestDevice device = new(0x1122_3344_5566_7788);
        BinaryPrimitives.WriteUInt64LittleEndian(processor.ExtendedState.AsSpan(masks + 8), 0b1001_0001); // k1

        // vmovdqu64 zmm2{k1}{z}, [ebx]
        Assert.Equal(Treatment.Progressed, Dispatch(processor, [0x62, 0xf1, 0xfe, 0xc9, 0x6f, 0x13], InterceptAccess.Read, device));

        Assert.Equal([0UL, 0x20UL, 0x38UL], device.Accesses.Select(access => access.Offset));
        Assert.Contains(X64InstructionTests.Write(Name.HV_X64_REGISTER_XMM0 + 2, 0x1122_3344_5566_7788, 0, false), processor.Writes);
        Assert.Equal((0UL, 0UL), Upper(processor, 2));
        Assert.Equal(0x1122_3344_5566_7788UL, Word(processor, upperZmm + (2 * 32)));
        Assert.Equal(0x1122_3344_5566_7788UL, Word(processor, upperZmm + (2 * 32) + 24));
        Assert.Equal(0x67UL, Word(processor, PresentOffset) & 0xff);
    }

    [Fact]
    public void Registers_from_16_on_and_masks_are_in_the_extended_state()
    {
        using TestProcessor processor = ProcessorWithAvx512(present: 3, out int masks, out _, out int highZmm);

        // The code of these tests is 32-bit code, which has no name for them: the registers themselves are asked.
        VectorRegisters vectors = new(processor, new RegisterWriteBack(processor));
        vectors.Begin();
        byte[] value = [.. Enumerable.Range(1, 64).Select(number => (byte)number)];
        vectors.WriteVector(17, value, clearUpper: true);
        vectors.WriteMask(3, 0xabcd);
        byte[] read = new byte[64];
        vectors.ReadVector(17, read);

        Assert.True(vectors.HasAvx512);
        Assert.Equal(value, read);
        Assert.Equal(0xabcdUL, vectors.ReadMask(3));
        Assert.Equal(0xabcdUL, Word(processor, masks + 24));
        Assert.Equal(value, processor.ExtendedState![(highZmm + 64)..(highZmm + 128)]);
        Assert.Equal(0, vectors.Errno);
    }

    [Fact]
    public void A_load_with_a_VEX_prefix_clears_the_upper_half_of_64_bytes_too()
    {
        using TestProcessor processor = ProcessorWithAvx512(present: 0xe7, out _, out int upperZmm, out _);
        processor.ExtendedState.AsSpan(upperZmm, 64).Fill(0xcc);

        Dispatch(processor, LoadYmm0, InterceptAccess.Read, new TestDevice(0x55));

        Assert.Equal(0UL, Word(processor, upperZmm));
        Assert.Equal(0UL, Word(processor, upperZmm + 24));
        Assert.Equal(0xcccc_cccc_cccc_ccccUL, Word(processor, upperZmm + 32));
    }

    [Fact]
    public void A_state_without_room_for_AVX_512_ends_the_run_by_the_instructions_name_and_touches_no_device()
    {
        using TestProcessor processor = ProcessorWithAvx512(present: 7, out _, out _, out _);
        BinaryPrimitives.WriteUInt64LittleEndian(processor.ExtendedState.AsSpan(FormatOffset), (1UL << 63) | 7);
        TestDevice device = new(1);
        X64Dispatcher dispatcher = new(processor, Handlers(device), new RunOptions());
        hv_message message = TestMessages.Memory(InterceptAccess.Read, DeviceGpa, [0x62, 0xf1, 0xfe, 0x48, 0x6f, 0x13]);

        Assert.Equal(Treatment.Ended, dispatcher.Dispatch(in message));
        Assert.Equal(RunEnd.UnsupportedInstruction, dispatcher.Result.End);
        Assert.Contains("Vmovdqu64", dispatcher.Result.Detail, StringComparison.Ordinal);
        Assert.Empty(device.Accesses);
    }

    // Compacted, with room for AVX, masks and both parts of AVX-512.
    private static TestProcessor ProcessorWithAvx512(ulong present, out int masks, out int upperZmm, out int highZmm)
    {
        masks = UpperOffset + 256;
        upperZmm = masks + 64;
        highZmm = upperZmm + 512;
        TestProcessor processor = Processor(new byte[highZmm + 1024]);
        processor.Set(Name.HV_X64_REGISTER_XFEM, 0xe7);
        BinaryPrimitives.WriteUInt64LittleEndian(processor.ExtendedState.AsSpan(FormatOffset), (1UL << 63) | 0xe7);
        BinaryPrimitives.WriteUInt64LittleEndian(processor.ExtendedState.AsSpan(PresentOffset), present);
        return processor;
    }

    private static ulong Word(TestProcessor processor, int offset) =>
        BinaryPrimitives.ReadUInt64LittleEndian(processor.ExtendedState.AsSpan(offset));

    [Fact]
    public void Each_exit_looks_at_the_state_anew()
    {
        using TestProcessor processor = Processor(new byte[832]);
        BinaryPrimitives.WriteUInt64LittleEndian(processor.ExtendedState.AsSpan(PresentOffset), 3 | Avx);
        TestDevice device = new();
        X64Dispatcher dispatcher = new(processor, Handlers(device), new RunOptions());
        hv_message message = TestMessages.Memory(InterceptAccess.Write, DeviceGpa, StoreYmm7);

        for (ulong i = 1; i <= 3; i++)
        {
            // What the guest has done in between.
            BinaryPrimitives.WriteUInt64LittleEndian(processor.ExtendedState.AsSpan(UpperOffset + (7 * 16)), i);
            dispatcher.Dispatch(in message);
            processor.Set(Name.HV_X64_REGISTER_RIP, TestMessages.Rip);
        }

        Assert.Equal([1UL, 2UL, 3UL], device.Accesses.Where((_, i) => i % 4 == 2).Select(access => access.Value));
    }

    private static TestProcessor Processor(byte[]? extendedState, bool hasPage = false)
    {
        TestProcessor processor = new(hasPage) { ExtendedState = extendedState };
        processor.SetFlatProtectedMode(TestMessages.Rip);
        processor.Set(Name.HV_X64_REGISTER_RBX, DeviceGpa);

        // OSFXSR and OSXSAVE; x87, SSE and AVX.
        processor.Set(Name.HV_X64_REGISTER_CR4, (1 << 9) | (1 << 18));
        processor.Set(Name.HV_X64_REGISTER_XFEM, 7);
        processor.PageIsUpToDate();
        return processor;
    }

    private static Treatment Dispatch(TestProcessor processor, byte[] instruction, InterceptAccess access, TestDevice device) =>
        X64InstructionTests.Dispatch(processor, Handlers(device), TestMessages.Memory(access, DeviceGpa, instruction));

    private static MachineHandlers Handlers(TestDevice device)
    {
        MachineHandlers handlers = new();
        handlers.Mmio.Map(DeviceGpa, 0x1000, device);
        return handlers;
    }

    private static (ulong Low, ulong High) Upper(TestProcessor processor, int register)
    {
        ReadOnlySpan<byte> half = processor.ExtendedState.AsSpan(UpperOffset + (register * 16), 16);
        return (BinaryPrimitives.ReadUInt64LittleEndian(half), BinaryPrimitives.ReadUInt64LittleEndian(half[8..]));
    }
}
