using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Tests.Running;
using Xunit;

namespace HvBindgen.Mshv.Tests.Handlers;

public sealed class BusTests
{
    private const uint Vp = 3;

    [Fact]
    public void An_access_goes_to_the_device_that_has_the_address_and_tells_the_offset()
    {
        MmioBus bus = new();
        TestDevice low = new(1);
        TestDevice high = new(2);
        bus.Map(0x2000, 0x1000, high);
        bus.Map(0x1000, 0x1000, low);
        byte[] data = new byte[4];

        Assert.True(bus.TryRead(Vp, 0x1ffc, data));
        Assert.True(bus.TryRead(Vp, 0x2000, data));
        Assert.False(bus.TryRead(Vp, 0x3000, data));
        Assert.False(bus.TryRead(Vp, 0xfff - 3, data));

        Assert.Equal(Vp, low.LastVpIndex);
        Assert.Equal([(false, 0xffcUL, 4, 0UL)], low.Accesses);
        Assert.Equal([(false, 0UL, 4, 0UL)], high.Accesses);
        Assert.Equal([0xff, 0xff, 0xff, 0xff], data);
    }

    [Theory]
    [InlineData(0x1000, 0x1000)]
    [InlineData(0x0fff, 2)]
    [InlineData(0x1fff, 1)]
    [InlineData(0x0000, 0x4000)]
    [InlineData(0x1800, 1)]
    public void Overlapping_devices_are_refused_and_named(ulong gpa, ulong sizeBytes)
    {
        MmioBus bus = new();
        bus.Map(0x1000, 0x1000, new TestDevice());

        ArgumentException refusal = Assert.Throws<ArgumentException>(() => bus.Map(gpa, sizeBytes, new TestDevice()));

        Assert.Contains("0x1000-0x1fff", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_and_wrapping_ranges_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MmioBus().Map(0, 0, new TestDevice()));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MmioBus().Map(ulong.MaxValue, 2, new TestDevice()));
        new MmioBus().Map(ulong.MaxValue, 1, new TestDevice());
        Assert.Throws<ArgumentOutOfRangeException>(() => new PortBus().Map(0xffff, 2, new TestDevice()));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PortBus().Map(0, 0, new TestDevice()));
        new PortBus().Map(0, 0x10000, new TestDevice());
    }

    [Fact]
    public void A_wide_access_comes_in_parts_of_eight_bytes_at_most()
    {
        MmioBus bus = new();
        TestDevice device = new();
        bus.Map(0x1000, 0x1000, device);
        byte[] data = [.. Enumerable.Range(1, 19).Select(i => (byte)i)];

        Assert.True(bus.TryWrite(Vp, 0x1000, data));

        Assert.Equal(
            [
                (true, 0UL, 8, 0x0807060504030201UL), (true, 8UL, 8, 0x100f0e0d0c0b0a09UL), (true, 16UL, 2, 0x1211UL),
                (true, 18UL, 1, 0x13UL),
            ],
            device.Accesses);
    }

    [Fact]
    public void An_access_across_the_end_of_a_device_is_split()
    {
        MmioBus bus = new();
        TestDevice device = new(0x33);
        bus.Map(0x1000, 3, device);
        byte[] data = new byte[4];

        Assert.True(bus.TryRead(Vp, 0x1002, data));
        Assert.Equal([0x33, 0xff, 0xff, 0xff], data);

        PortBus ports = new();
        ports.Map(0x64, 1, device);
        Assert.True(ports.TryRead(Vp, 0x63, 4, out uint value));
        Assert.Equal(0xffff33ffu, value);
        Assert.True(ports.TryWrite(Vp, 0x63, 2, 0xaabb));
        Assert.Equal((true, 0UL, 1, 0xaaUL), device.Accesses[^1]);
        Assert.Equal(Vp, device.LastVpIndex);
    }

    [Fact]
    public void The_last_port_is_followed_by_the_first()
    {
        PortBus ports = new();
        TestDevice device = new(0x77);
        ports.Map(0, 1, device);

        Assert.True(ports.TryRead(Vp, 0xffff, 2, out uint value));
        Assert.Equal(0xffff77ffu, value);
    }

    [Fact]
    public void Devices_come_and_go_while_others_are_accessed()
    {
        MmioBus bus = new();
        TestLoop steady = new();
        bus.Map(0x10000, 0x1000, steady);
        bool stop = false;
        Thread reader = new(() =>
        {
            byte[] data = new byte[4];
            while (!Volatile.Read(ref stop))
            {
                Assert.True(bus.TryRead(Vp, 0x10000, data));
            }
        });
        reader.Start();
        for (int i = 0; i < 20_000; i++)
        {
            ulong gpa = (ulong)(i % 16) * 0x1000;
            bus.Map(gpa, 0x1000, steady);
            Assert.True(bus.Unmap(gpa));
        }

        Volatile.Write(ref stop, true);
        reader.Join();
        Assert.False(bus.Unmap(0x1000));
    }

    private sealed class TestLoop : IMmioHandler
    {
        public ulong Read(uint vpIndex, ulong offset, int sizeBytes) => 1;

        public void Write(uint vpIndex, ulong offset, int sizeBytes, ulong value)
        {
        }
    }
}
