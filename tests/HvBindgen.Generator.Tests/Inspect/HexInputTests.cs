using System.Globalization;
using System.Text;
using CsCheck;
using HvBindgen.Generator.Inspect;
using Xunit;

namespace HvBindgen.Generator.Tests.Inspect;

public sealed class HexInputTests
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 40).Select(index => (byte)(index is >= 8 and < 33 ? 0 : index * 7))];

    [Fact]
    public void Binary_is_taken_as_it_is() => Assert.Equal(Bytes, Read(Bytes));

    [Theory]
    [InlineData("01 00 00 80")]
    [InlineData("01000080\n")]
    [InlineData("0x01, 0x00, 0x00, 0x80")]
    [InlineData("{ 0x01, 0x00,\r\n  0x00, 0x80 };")]
    [InlineData("0x01000080")]
    [InlineData("\"\\x01\\x00\\x00\\x80\"")]
    [InlineData("ioctl(5, 0x8100b800, \"\\x01\\x00\\x00\\x80\"...) = 0\n")]
    [InlineData("\\x01\\x00\\x00\\x80")]
    [InlineData("00000000: 0100 0080                                ....\n")]
    [InlineData("00000000  01 00 00 80                                       |....|\n00000004\n")]
    public void Four_bytes_are_read_in_every_form_that_people_have_them_in(string text) =>
        Assert.Equal([1, 0, 0, 0x80], Read(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Repeated_lines_of_a_dump_are_filled_in()
    {
        const string Dump = """
            00000000  01 02 03 04 05 06 07 08  09 0a 0b 0c 0d 0e 0f 10  |................|
            00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|
            *
            00000040  ff                                                |.|
            00000041
            """;

        byte[] bytes = Read(Encoding.ASCII.GetBytes(Dump));

        Assert.Equal((65, 16, 0xff), (bytes.Length, (int)bytes[15], (int)bytes[64]));
        Assert.All(bytes[16..64], one => Assert.Equal(0, one));
    }

    [Fact]
    public void A_dump_may_end_in_repeated_lines()
    {
        const string Dump = "00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n*\n00000100\n";

        Assert.Equal(new byte[256], Read(Encoding.ASCII.GetBytes(Dump)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n ")]
    [InlineData("0100008")]
    [InlineData("hello")]
    [InlineData("\"\\x01\\x0\"")]
    [InlineData("\"abc\\x01\"")]
    [InlineData("00000000  01 00\n*\nffffffff\n")]
    public void What_is_no_hexadecimal_is_refused(string text) =>
        Assert.True(Assert.Throws<InspectException>(() => Read(Encoding.ASCII.GetBytes(text))).IsInput);

    [Fact]
    public void A_fault_is_named_with_its_place()
    {
        InspectException fault = Assert.Throws<InspectException>(() => Read("01 02\n03 0g\n"u8.ToArray()));

        Assert.StartsWith("test:2:4: ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Digits_in_any_grouping_give_their_bytes() =>
        Gen.Select(Gen.Byte.Array[1, 300], Gen.Int[1, 4]).Sample((bytes, group) =>
        {
            StringBuilder text = new("  ");
            for (int index = 0; index < bytes.Length; index++)
            {
                text.Append(bytes[index].ToString("x2", CultureInfo.InvariantCulture))
                    .Append(index % group == group - 1 ? index % 3 == 0 ? ", " : " " : "");
            }

            return Read(Encoding.ASCII.GetBytes(text.ToString())).AsSpan().SequenceEqual(bytes);
        });

    [Fact]
    public void Any_input_is_read_or_refused() =>
        Gen.OneOf(Gen.Byte.Array[0, 200], Gen.String[Gen.Char["0123456789abcdefx\\\" *|:\n"], 0, 200].Select(Encoding.ASCII.GetBytes))
            .Sample(input =>
        {
            try
            {
                return Read(input).Length <= HexInput.MaxBytes + input.Length;
            }
            catch (InspectException fault)
            {
                return fault.IsInput;
            }
        });

    private static byte[] Read(byte[] input) => HexInput.Read(input, "test");
}
