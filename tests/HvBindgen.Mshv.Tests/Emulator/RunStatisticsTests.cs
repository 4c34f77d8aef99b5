using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;
using Xunit;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>Where the time of an emulated run goes, as the benchmarks print it.</summary>
public sealed class RunStatisticsTests
{
    [Fact]
    public void The_shares_of_KVM_and_of_the_register_page_in_runs_are_measured()
    {
        using EmulatedMachine machine = new();
        machine.System.Statistics.IsOn = true;
        Exit(machine, 100);

        RunStatistics statistics = machine.System.Statistics;
        Assert.Equal(100, statistics.Runs);
        Assert.True(statistics.EngineEntries >= 100);
        Assert.InRange(statistics.EngineTime, 1, statistics.RunTime);
        Assert.InRange(statistics.RegisterPageTime, 1, statistics.RunTime);
    }

    [Fact]
    public void Nothing_is_counted_while_it_is_off()
    {
        using EmulatedMachine machine = new();
        Exit(machine, 10);

        RunStatistics statistics = machine.System.Statistics;
        Assert.Equal((0, 0), (statistics.Runs, statistics.EngineEntries));
        Assert.Equal((0, 0, 0), (statistics.RunTime, statistics.EngineTime, statistics.RegisterPageTime));
    }

    private static void Exit(EmulatedMachine machine, int count)
    {
        GuestCode.Start(machine, 32, [0xe6, 0x11]);
        for (int run = 0; run < count; run++)
        {
            _ = machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);
        }
    }
}
