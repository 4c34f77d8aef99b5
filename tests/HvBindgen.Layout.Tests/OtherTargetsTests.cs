using HvBindgen.Generator.Model;
using HvBindgen.Generator.Snapshots;
using Xunit;

namespace HvBindgen.Layout.Tests;

/// <summary>Machines that the bindings are not made for parse and snapshot all the same.</summary>
public class OtherTargetsTests
{
    [Theory]
    [InlineData("i686")]
    [InlineData("armv7")]
    [InlineData("riscv64")]
    [InlineData("ppc64le")]
    [InlineData("s390x")]
    public void A_model_equals_the_one_read_back_from_its_snapshot(string target)
    {
        AbiModel model = HeaderSets.Model("common", target);

        AbiModel readBack = SnapshotReader.Read(SnapshotWriter.Write(model), "test");

        Assert.Equal(model, readBack);
    }

    // asm-generic/ioctl.h: write 1, read 2, from bit 30. powerpc: none 1, read 2, write 4, from bit 29.
    [Theory]
    [InlineData("i686", 0x80046601u, 0x40046602u, 0x0000125Du)]
    [InlineData("armv7", 0x80046601u, 0x40046602u, 0x0000125Du)]
    [InlineData("riscv64", 0x80086601u, 0x40086602u, 0x0000125Du)]
    [InlineData("s390x", 0x80086601u, 0x40086602u, 0x0000125Du)]
    [InlineData("ppc64le", 0x40086601u, 0x80086602u, 0x2000125Du)]
    public void Requests_have_the_numbers_of_the_machine(string target, uint read, uint write, uint none)
    {
        AbiModel model = HeaderSets.Model("common", target);

        AbiIoctl Find(string name) => Assert.Single(model.Ioctls, ioctl => ioctl.Name == name);

        Assert.Equal((read, IoctlDirection.Read), (Find("FS_IOC_GETFLAGS").Request, Find("FS_IOC_GETFLAGS").Direction));
        Assert.Equal((write, IoctlDirection.Write), (Find("FS_IOC_SETFLAGS").Request, Find("FS_IOC_SETFLAGS").Direction));
        Assert.Equal((none, IoctlDirection.None), (Find("BLKROSET").Request, Find("BLKROSET").Direction));
    }
}
