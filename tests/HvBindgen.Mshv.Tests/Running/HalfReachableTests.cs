using System.Runtime.InteropServices;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;
using HvBindgen.Mshv.Running;
using Xunit;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Tests.Running;

/// <summary>Instructions that reach a device and something that is not there: an absent page, or an address that is nobody's. No device
/// may have been touched then, for it would not give the same again.</summary>
public sealed class HalfReachableTests
{
    private const ulong Device = 0xfec00000;
    private const ulong Nowhere = 0xfed00000;
    private const ulong Tables = 0x8000;
    private const ushort Port = 0x80;
    private const ushort NoPort = 0x90;

    // Each with its operand at EBX.
    public static TheoryData<string> Instructions { get; } =
    [
        "8b03", "8903", "0103", "f00103", "8703", "0fb10b", "0fc70b", "ff33", "8f03", "0f1003", "0f1103", "dd03", "dd1b", "dd33", "dd23",
        "0fab0b",
    ];

    [Theory]
    [MemberData(nameof(Instructions))]
    public void A_fault_at_the_second_page_of_an_operand_comes_before_the_device_of_the_first(string code)
    {
        using TestProcessor processor = Flat();
        EnablePaging(processor);
        TestDevice device = new(0x5a);

        Treatment treatment = X64InstructionTests.Dispatch(
            processor, Handlers(device), TestMessages.Memory(InterceptAccess.Write, Device + 0xffe, Convert.FromHexString(code)));

        Assert.Equal(Treatment.Progressed, treatment);
        Assert.Empty(device.Accesses);
        Assert.Contains(X64InstructionTests.Write(Name.HV_X64_REGISTER_CR2, Device + 0x1000), processor.Writes);
        Assert.DoesNotContain(processor.Writes, write => write.Name == (uint)Name.HV_X64_REGISTER_RIP);
    }

    [Theory]
    [MemberData(nameof(Instructions))]
    public void Where_the_second_page_of_an_operand_is_nobody_s_the_device_of_the_first_is_not_touched(string code)
    {
        using TestProcessor processor = Flat();
        TestDevice device = new(0x5a);

        RunResult result = X64InstructionTests.ResultOf(
            processor, Handlers(device), TestMessages.Memory(InterceptAccess.Write, Device + 0xffe, Convert.FromHexString(code)));

        Assert.Equal(RunEnd.Unhandled, result.End);
        Assert.Contains($"0x{Device + 0x1000:x}", result.Detail, StringComparison.Ordinal);
        Assert.Empty(device.Accesses);
        Assert.Empty(processor.Writes);
    }

    // From a device to nowhere, by memory, stack and ports; and from a port to nowhere.
    [Theory]
    [InlineData(new byte[] { 0xa4 }, Device, Nowhere, 0x6000UL, NoPort)] // movsb
    [InlineData(new byte[] { 0xf3, 0xa5 }, Device, Nowhere, 0x6000UL, NoPort)] // rep movsd
    [InlineData(new byte[] { 0x6e }, Device, 0UL, 0x6000UL, NoPort)] // outsb
    [InlineData(new byte[] { 0xf3, 0x6f }, Device, 0UL, 0x6000UL, NoPort)] // rep outsd
    [InlineData(new byte[] { 0x6c }, 0UL, Nowhere, 0x6000UL, Port)] // insb
    [InlineData(new byte[] { 0xf3, 0x6d }, 0UL, Nowhere, 0x6000UL, Port)] // rep insd
    [InlineData(new byte[] { 0xff, 0x36 }, Device, 0UL, Nowhere + 0x800, Port)] // push [esi]
    [InlineData(new byte[] { 0xff, 0x16 }, Device, 0UL, Nowhere + 0x800, Port)] // call [esi]
    [InlineData(new byte[] { 0xa6 }, Nowhere, Device, 0x6000UL, Port)] // cmpsb
    [InlineData(new byte[] { 0xa6 }, Device, Nowhere, 0x6000UL, Port)]
    [InlineData(new byte[] { 0x66, 0x0f, 0x38, 0xf8, 0x3e }, Device, Nowhere, 0x6000UL, Port)] // movdir64b edi, [esi]
    public void What_ends_nowhere_has_not_begun_at_a_device(byte[] code, ulong source, ulong target, ulong stack, ushort port)
    {
        using TestProcessor processor = Flat();
        processor.Set(Name.HV_X64_REGISTER_RSI, source);
        processor.Set(Name.HV_X64_REGISTER_RDI, target);
        processor.Set(Name.HV_X64_REGISTER_RSP, stack);
        processor.Set(Name.HV_X64_REGISTER_RDX, port);
        processor.Set(Name.HV_X64_REGISTER_RCX, 3);
        TestDevice device = new(0x5a);
        MachineHandlers handlers = Handlers(device);

        RunResult result = X64InstructionTests.ResultOf(
            processor, handlers, TestMessages.Memory(InterceptAccess.Read, Device, code));

        Assert.Equal(RunEnd.Unhandled, result.End);
        Assert.Contains(port == NoPort && target == 0 ? $"port 0x{NoPort:x}" : "0xfed00", result.Detail, StringComparison.Ordinal);
        Assert.Empty(device.Accesses);
        Assert.Empty(processor.Writes);
    }

    [Fact]
    public void Where_nobody_s_reads_as_ones_the_device_is_touched_and_what_is_missing_is_named()
    {
        using TestProcessor processor = Flat();
        processor.Set(Name.HV_X64_REGISTER_RSI, Device);
        processor.Set(Name.HV_X64_REGISTER_RDI, Nowhere);
        processor.Set(Name.HV_X64_REGISTER_RCX, 3);
        TestDevice device = new(0x5a);
        processor.Messages.Enqueue(TestMessages.Memory(InterceptAccess.Read, Device, [0xf3, 0xa4]));
        RunLoop loop = new(processor, Handlers(device), new RunOptions { Mmio = UnclaimedAccess.AsHardware });

        loop.Run(TestContext.Current.CancellationToken);

        Assert.Equal(3, device.Accesses.Count);
        Assert.Equal(3, loop.UnclaimedCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_fault_in_mid_repetition_keeps_what_is_done_and_no_element_is_read_twice(bool hasPage)
    {
        byte[] code = [0xf3, 0xa4]; // rep movsb
        using TestProcessor processor = Flat(hasPage);
        EnablePaging(processor);
        processor.Set(Name.HV_X64_REGISTER_RSI, Device);
        processor.Set(Name.HV_X64_REGISTER_RDI, 0x5ffd);
        processor.Set(Name.HV_X64_REGISTER_RCX, 8);
        processor.PageIsUpToDate();
        Counting device = new();
        MachineHandlers handlers = new();
        handlers.Mmio.Map(Device, 0x1000, device);
        processor.Messages.Enqueue(TestMessages.Memory(InterceptAccess.Read, Device, code));
        RunLoop loop = new(processor, handlers);

        loop.Run(TestContext.Current.CancellationToken);
        TakeOver(processor);

        Assert.Equal(3, device.Reads);
        Assert.Equal([1, 2, 3], processor.Memory.Bytes.Slice(0x5ffd, 3).ToArray());
        Assert.Equal(5UL, Value(Name.HV_X64_REGISTER_RCX));
        Assert.Equal((Device + 3, 0x6000UL), (Value(Name.HV_X64_REGISTER_RSI), Value(Name.HV_X64_REGISTER_RDI)));
        Assert.Equal((0x6000UL, TestMessages.Rip), (Value(Name.HV_X64_REGISTER_CR2), Value(Name.HV_X64_REGISTER_RIP)));
        Assert.Equal(0x00000002_000e_0101UL, Value(Name.HV_REGISTER_PENDING_EVENT0));

        // The guest brings the page, and makes the rest.
        processor.Memory.Words[(int)(Tables + 0x1000 + (6 * 4)) / 8] |= 0x6003;
        processor.Messages.Enqueue(TestMessages.Memory(InterceptAccess.Read, Device + 3, code));
        loop.Run(TestContext.Current.CancellationToken);
        TakeOver(processor);

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], processor.Memory.Bytes.Slice(0x5ffd, 8).ToArray());
        Assert.Equal((8, 0UL), (device.Reads, Value(Name.HV_X64_REGISTER_RCX)));

        ulong Value(Name name) => processor.Registers[(uint)name].low_part;
    }

    private static MachineHandlers Handlers(TestDevice device)
    {
        MachineHandlers handlers = new();
        handlers.Mmio.Map(Device, 0x1000, device);
        handlers.Ports.Map(Port, 4, device);
        return handlers;
    }

    private static TestProcessor Flat(bool hasPage = false)
    {
        TestProcessor processor = new(hasPage);
        processor.SetFlatProtectedMode(TestMessages.Rip);
        processor.Set(Name.HV_X64_REGISTER_CR4, 0x0000_0600);
        processor.Set(Name.HV_X64_REGISTER_RBX, Device + 0xffe);
        processor.Set(Name.HV_X64_REGISTER_RSP, 0x7800);
        processor.PageIsUpToDate();
        return processor;
    }

    // Memory as it is but for page 6, and one page of the device.
    private static void EnablePaging(TestProcessor processor)
    {
        Span<uint> tables = MemoryMarshal.Cast<byte, uint>(processor.Memory.Bytes[(int)Tables..]);
        tables[0] = (uint)Tables + 0x1003;
        tables[(int)(Device >> 22)] = (uint)Tables + 0x2003;

        for (uint page = 0; page < 16; page++)
        {
            tables[0x400 + (int)page] = page == 6 ? 0 : (page << 12) | 3;
        }

        tables[0x800 + (int)(Device >> 12 & 0x3ff)] = (uint)Device | 3;
        processor.Set(Name.HV_X64_REGISTER_CR0, 0x8000_0011);
        processor.Set(Name.HV_X64_REGISTER_CR3, Tables);
        processor.PageIsUpToDate();
    }

    // What the loop wrote are the registers that the guest goes on with.
    private static void TakeOver(TestProcessor processor)
    {
        processor.TakePageWrites();
        foreach (RegisterWrite write in processor.Writes)
        {
            processor.Set((Name)write.Name, write.Low, write.High);
        }

        processor.Writes.Clear();
        processor.PageIsUpToDate();
    }

    private sealed class Counting : IMmioHandler
    {
        internal int Reads { get; private set; }

        public ulong Read(uint vpIndex, ulong offset, int sizeBytes) => (ulong)++Reads;

        public void Write(uint vpIndex, ulong offset, int sizeBytes, ulong value)
        {
        }
    }
}
