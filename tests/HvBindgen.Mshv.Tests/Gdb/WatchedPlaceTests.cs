using Xunit;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Tests.Gdb;

/// <summary>What a debug exception is told as when it is about several places.</summary>
public sealed class WatchedPlaceTests
{
    [Theory]
    [InlineData("Z1,1004,1", "Z2,2000,4")]
    [InlineData("Z2,2000,4", "Z1,1004,1")]
    public void A_write_is_told_before_the_place_of_the_next_instruction(string first, string second)
    {
        using ScriptedMachine machine = new();
        bool hits = false;
        machine.OnEntry = _ => Volatile.Read(ref hits) && machine.Register(Name.HV_X64_REGISTER_DR7).low_part != 0
            ? ScriptedMachine.Exception(1, 0x1004, parameter: 0b11)
            : null;
        machine.Machine.Start();
        using GdbClient gdb = new(machine.Server);
        Assert.Equal("OK", gdb.Ask(first));
        Assert.Equal("OK", gdb.Ask(second));
        gdb.Send("vCont;c");
        Volatile.Write(ref hits, true);

        Assert.Equal("T05watch:2000;thread:1;", gdb.Receive());
        Assert.Equal("OK", gdb.Ask("z2,2000,4"));
        gdb.Send("vCont;c");

        Assert.Equal("T05hwbreak:;thread:1;", gdb.Receive());
    }
}
