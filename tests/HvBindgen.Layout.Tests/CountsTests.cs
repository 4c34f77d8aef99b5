using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using Xunit;

namespace HvBindgen.Layout.Tests;

/// <summary>How much of Linux 7.3's own headers the parser sees, counted by other means beforehand.</summary>
public class CountsTests
{
    [Theory]
    [InlineData("x86_64", 134, 58, 1195, 373, 15)]
    [InlineData("arm64", 134, 57, 1149, 359, 15)]
    public void Every_record_of_the_kernel_is_read(string target, int structs, int unions, int leaves, int bitFields, int flexible)
    {
        AbiModel model = HeaderSets.Model("mshv-kernel", target);

        Assert.Equal(
            (structs, unions, leaves, bitFields, flexible),
            (Count(model, RecordKind.Struct), Count(model, RecordKind.Union), Leaves(model).Count(),
                Leaves(model).Count(field => field.IsBitField), Leaves(model).Count(field => field.Type is AbiArray { Count: null })));
    }

    // __kernel_fd_set and __kernel_fsid_t stand in a header that the set only uses, and nothing in the set refers to them.
    [Theory]
    [InlineData("x86_64", 194, 1197)]
    [InlineData("arm64", 193, 1151)]
    public void Two_more_records_are_those_that_posix_types_names_by_typedef(string target, int records, int leaves)
    {
        AbiModel own = HeaderSets.Model("mshv-kernel", target);
        ParseRequest request = HeaderSets.Request("mshv-kernel", HeaderSets.Target(target));
        AbiModel wider = HeaderParser.Parse(
            request with { OwnHeaders = [.. request.OwnHeaders, "linux/posix_types.h", "asm-generic/posix_types.h"] }).Model;

        Assert.Equal(
            ["__kernel_fd_set", "__kernel_fsid_t"], wider.Records.Select(record => record.CName)
                .Except(own.Records.Select(record => record.CName)));
        Assert.Equal((records, leaves), (wider.Records.Count, Leaves(wider).Count()));
        Assert.Equal(records - 2, own.Records.Count);
    }

    [Theory]
    [InlineData("x86_64", 38, 12, 322)]
    [InlineData("arm64", 37, 12, 258)]
    public void Every_enum_of_the_kernel_is_read(string target, int enums, int anonymous, int enumerators)
    {
        AbiModel model = HeaderSets.Model("mshv-kernel", target);

        Assert.Equal(
            (enums, anonymous, enumerators),
            (model.Enums.Count, model.Enums.Count(@enum => @enum.Name.Length == 0), model.Enums.Sum(@enum => @enum.Enumerators.Count)));
    }

    [Theory]
    [InlineData("x86_64")]
    [InlineData("arm64")]
    public void Every_ioctl_of_the_device_is_read(string target) => Assert.Equal(25, HeaderSets.Model("mshv-kernel", target).Ioctls.Count);

    private static int Count(AbiModel model, RecordKind kind) => model.Records.Count(record => record.Kind == kind && record.HasTag);

    // What can be read and written: not the records around it, neither anonymous ones nor those that a member names.
    private static IEnumerable<AbiField> Leaves(AbiModel model) => model.Records.SelectMany(Leaves);

    private static IEnumerable<AbiField> Leaves(AbiRecord record) => record.HoistedFields().SelectMany(
        field => Element(field.Type) is AbiInlineRecord inner ? Leaves(inner.Definition) : [field]);

    private static AbiType Element(AbiType type) => type is AbiArray array ? Element(array.Element) : type;
}
