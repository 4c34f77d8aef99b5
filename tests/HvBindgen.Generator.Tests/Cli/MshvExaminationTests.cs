using HvBindgen.Cli.Examining;
using HvBindgen.Cli.Printing;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Emulator;
using Xunit;

namespace HvBindgen.Generator.Tests.Cli;

public sealed class MshvExaminationTests
{
    [Fact]
    public void A_missing_device_is_optional_and_its_row_says_how_to_get_one()
    {
        ReportRow row = Assert.Single(
            MshvExamination.Run(new MshvDeviceOptions { Path = "/dev/no-such-device", Backend = MshvBackend.Device }));

        Assert.Equal(RowState.Optional, row.State);
        Assert.Contains("/dev/no-such-device", row.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_is_asked_for_each_request_it_should_answer()
    {
        Requirement.Emulator();

        using MshvEmulator emulator = new();
        IReadOnlyList<ReportRow> rows = MshvExamination.Run(new MshvDeviceOptions { Fallback = emulator, Backend = MshvBackend.Emulator });

        Assert.Equal(["/dev/mshv", "partitions", "requests", "hypercalls"], rows.Select(row => row.Subject));
        Assert.Equal("emulated", rows[0].Detail);
        Assert.Contains("processor features can be chosen", rows[1].Detail, StringComparison.Ordinal);
        Assert.Matches("^[0-9]+ of [0-9]+ answer", rows[2].Detail);
    }
}
