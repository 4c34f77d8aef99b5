using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;
using HvBindgen.Mshv.Running;
using Xunit;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Tests.Running;

/// <summary>Selectors that come out of a device, in protected mode: the guest's own tables say what they are.</summary>
public sealed class SegmentLoadTests
{
    private const ulong DeviceGpa = 0xfec00000;
    private const ulong TableGpa = 0x2000;
    private const ulong FlatData = 0x00cf_9200_0000_ffff; // not accessed yet

    private static readonly byte[] LoadFs = [0x8e, 0x23]; // mov fs, [ebx]

    [Fact]
    public void A_selector_is_loaded_with_its_descriptor_which_is_marked_as_accessed()
    {
        using TestProcessor processor = Processor();

        Assert.Equal(Treatment.Progressed, Dispatch(processor, new TestDevice(0x0008)));

        Assert.Contains(
            X64InstructionTests.Write(Name.HV_X64_REGISTER_FS, 0, 0xc093_0008_ffff_ffff, false), processor.Writes);
        Assert.Equal(FlatData | (1UL << 40), BitConverter.ToUInt64(processor.Memory.Bytes.Slice((int)TableGpa + 8, 8)));
    }

    [Theory]
    [InlineData(0x0010, 13)] // behind the end of the table
    [InlineData(0x0004, 13)] // of a local table that there is not
    public void A_selector_that_says_nothing_is_a_fault_with_its_number(ushort selector, ulong vector)
    {
        using TestProcessor processor = Processor();

        Assert.Equal(Treatment.Progressed, Dispatch(processor, new TestDevice(selector)));

        RegisterWrite injected = Assert.Single(processor.Writes, write => write.Name == (uint)Name.HV_REGISTER_PENDING_EVENT0);
        Assert.Equal((vector, (ulong)selector), ((injected.Low >> 16) & 0xff, injected.Low >> 32));
        Assert.DoesNotContain(processor.Writes, write => write.Name == (uint)Name.HV_X64_REGISTER_FS);
    }

    private static TestProcessor Processor()
    {
        TestProcessor processor = new();
        processor.SetFlatProtectedMode(TestMessages.Rip);
        processor.Set(Name.HV_X64_REGISTER_RBX, DeviceGpa);
        processor.Set(Name.HV_X64_REGISTER_GDTR, 15UL << 48, TableGpa);
        BitConverter.TryWriteBytes(processor.Memory.Bytes.Slice((int)TableGpa + 8, 8), FlatData);
        return processor;
    }

    private static Treatment Dispatch(TestProcessor processor, TestDevice device)
    {
        MachineHandlers handlers = new();
        handlers.Mmio.Map(DeviceGpa, 0x1000, device);
        return X64InstructionTests.Dispatch(processor, handlers, TestMessages.Memory(InterceptAccess.Read, DeviceGpa, LoadFs));
    }
}
