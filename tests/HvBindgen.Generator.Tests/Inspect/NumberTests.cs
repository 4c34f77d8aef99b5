using CsCheck;
using HvBindgen.Generator.Inspect;
using HvBindgen.Generator.Model;
using Xunit;

namespace HvBindgen.Generator.Tests.Inspect;

public sealed class NumberTests
{
    private static readonly TargetInfo X64 = TargetInfo.Find("x86_64")!;

    [Fact]
    public void A_number_that_several_descriptors_take_names_each() => Verifier.Verify(Explain(0xc020b807));

    [Fact]
    public void A_request_with_another_argument_names_both() => Verifier.Verify(Explain(0x4010b800));

    [Fact]
    public void A_number_of_two_drivers_names_both() => Verifier.Verify(Explain(0x4008b805));

    [Fact]
    public void An_unknown_number_is_taken_apart_and_the_nearest_are_named() =>
        Verifier.Verify(Explain(0x4040b800) + Explain(0xc028b807) + Explain(0x5413));

    [Fact]
    public void Requests_are_listed_by_descriptor() => Verifier.Verify(IoctlTable.Draw(Drivers.Sets, Page.Unlimited).ToString());

    [Theory]
    [InlineData("0xc020b807", 0xc020b807)]
    [InlineData("0XC020B807", 0xc020b807)]
    [InlineData("3223369735", 0xc020b807)]
    [InlineData("-1071597561", 0xc020b807)]
    [InlineData("0xffffffffc020b807", 0xc020b807)]
    [InlineData("_IOC(_IOC_READ|_IOC_WRITE, 0xb8, 0x7, 0x20)", 0xc020b807)]
    [InlineData("_IOC(_IOC_NONE, 0xb8, 0, 0)", 0xb800)]
    public void A_number_is_read_in_every_form_that_people_find_it_in(string text, uint request) =>
        Assert.Equal(request, IoctlNumber.Parse(text, X64));

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("0x1c020b8070")]
    [InlineData("0xffffffff4020b807")]
    [InlineData("4294967296")]
    [InlineData("-2147483649")]
    [InlineData("_IOC(_IOC_READ, 0x1b8, 0, 0)")]
    [InlineData("_IOC(_IOC_READ, 0xb8, 0, 0x4000)")]
    [InlineData("MSHV_RUN_VP")]
    public void What_is_no_number_of_32_bits_is_none(string text) => Assert.Null(IoctlNumber.Parse(text, X64));

    [Fact]
    public void The_parts_of_a_number_are_those_that_the_headers_put_into_it()
    {
        foreach (AbiIoctl ioctl in Sets.Committed.SelectMany(set => set.Models).SelectMany(model => model.Ioctls))
        {
            Assert.Equal(
                new IoctlNumber(ioctl.Request, ioctl.Direction, ioctl.Type, ioctl.Number, ioctl.SizeBytes),
                IoctlNumber.Decode(ioctl.Request, X64));
        }
    }

    [Theory]
    [InlineData("x86_64", 14)]
    [InlineData("ppc64le", 13)]
    public void What_strace_spells_is_taken_apart_into_what_it_spelled(string targetName, int sizeBits)
    {
        TargetInfo target = TargetInfo.Find(targetName)!;
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 255], Gen.Int[0, 255], Gen.Int[0, (1 << sizeBits) - 1])
            .Sample((direction, type, number, size) =>
        {
            string word = direction switch { 0 => "_IOC_NONE", 1 => "_IOC_WRITE", 2 => "_IOC_READ", _ => "_IOC_READ|_IOC_WRITE" };
            uint request = IoctlNumber.Parse($"_IOC({word}, 0x{type:x}, {number}, 0x{size:x})", target)!.Value;
            return IoctlNumber.Decode(request, target) == new IoctlNumber(request, (IoctlDirection)direction, type, number, size);
        });
    }

    [Fact]
    public void PowerPC_numbers_directions_in_its_own_way() =>
        Assert.Equal(IoctlDirection.Read, IoctlNumber.Decode(0x4004_6601, TargetInfo.Find("ppc64le")!).Direction);

    private static string Explain(uint request) => new NumberPage(request, X64, Drivers.Sets).Draw(Page.Unlimited).ToString();
}
