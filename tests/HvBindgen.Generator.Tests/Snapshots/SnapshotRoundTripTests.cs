using CsCheck;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Snapshots;
using HvBindgen.Generator.Tests.Model;
using HvBindgen.Generator.Tests.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Snapshots;

public sealed class SnapshotRoundTripTests
{
    public static TheoryData<string> Fixtures { get; } =
        [.. Directory.GetFiles(FixtureFolders.Headers, "*.h").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Any_model_reads_back_as_it_was_written() =>
        RandomModels.Model.Sample(model => SnapshotReader.Read(SnapshotWriter.Write(model), "test").Equals(model), iter: 3_000);

    [Fact]
    public void What_was_read_back_is_written_with_the_same_bytes() =>
        RandomModels.Model.Sample(
            model =>
            {
                ReadOnlyMemory<byte> first = SnapshotWriter.Write(model);
                return SnapshotWriter.Write(SnapshotReader.Read(first, "test")).Span.SequenceEqual(first.Span);
            },
            iter: 3_000);

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void The_model_of_a_header_reads_back(string header)
    {
        AbiModel model = FixtureHeaders.Parse(header).Model;

        Assert.Equal(model, SnapshotReader.Read(SnapshotWriter.Write(model), header));
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void A_snapshot_holds_nothing_of_the_machine_nor_of_clang_s_wording(string header)
    {
        string text = SnapshotText.Of(header);

        Assert.DoesNotContain(Repository.Root, text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"/", text, StringComparison.Ordinal);
        Assert.DoesNotContain("unnamed", text, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "anonymous", text.Replace("\"name\":\"anonymous\"", "", StringComparison.Ordinal)
                .Replace("anonymous-members", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain($"{DateTime.UtcNow.Year}", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
    }
}
