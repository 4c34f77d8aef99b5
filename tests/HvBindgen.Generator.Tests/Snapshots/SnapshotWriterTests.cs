using Xunit;

namespace HvBindgen.Generator.Tests.Snapshots;

public sealed class SnapshotWriterTests
{
    [Fact]
    public void A_field_takes_one_line_and_an_anonymous_member_holds_its_own() =>
        Verifier.Verify(SnapshotText.Of("record-anonymous-members.h"), "json");

    [Fact]
    public void Bit_fields_show_where_they_start_and_how_wide_they_are() =>
        Verifier.Verify(SnapshotText.Of("bitfield-packed.h"), "json");

    [Fact]
    public void Enums_show_their_integer_type_and_every_value() =>
        Verifier.Verify(SnapshotText.Of("enum-kinds.h"), "json");

    [Fact]
    public void Constants_show_value_and_type() =>
        Verifier.Verify(SnapshotText.Of("constant-integers.h"), "json");

    [Fact]
    public void Requests_show_all_that_is_encoded_in_their_number() =>
        Verifier.Verify(SnapshotText.Of("ioctl-kinds.h"), "json");
}
