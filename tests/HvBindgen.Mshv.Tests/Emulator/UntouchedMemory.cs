using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Tests.Guests;
using Iced.Intel;
using Xunit;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>Memory that others look at while an instruction stops half-way: nobody may see a byte there that nobody wrote.</summary>
public sealed unsafe class UntouchedMemory
{
    private const ulong Destination = 0x9000;
    private const int Rounds = 2000;
    private const ulong Sentinel = 0x5a5b_5c5d_5e5f_6061;

    public static TheoryData<int, string> Copies
    {
        get
        {
            TheoryData<int, string> cases = [];
            foreach (int bits in (int[])[16, 32, 64])
            {
                foreach (string kind in (string[])["insb", "insd", "rep insb", "movsb", "movsd", "rep movsb", "push"])
                {
                    cases.Add(bits, kind);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Copies))]
    public void A_copy_from_a_device_that_stops_before_it_leaves_its_destination_alone(int bits, string kind)
    {
        using EmulatedMachine machine = new();
        byte[] code = GuestCode.Assemble(bits, a => a.AddInstruction(InstructionOf(kind, bits)));
        GuestCode.Start(machine, bits, code);
        if (bits == 16)
        {
            DeviceMemoryIntercepts.GiveRealModeBigSegments(machine);
        }

        machine.Set(hv_register_name.HV_X64_REGISTER_RSI, GuestCode.DeviceGpa);
        machine.Set(hv_register_name.HV_X64_REGISTER_RBX, GuestCode.DeviceGpa);
        machine.Set(hv_register_name.HV_X64_REGISTER_RDI, Destination);
        machine.Set(hv_register_name.HV_X64_REGISTER_RCX, 3);
        machine.Set(hv_register_name.HV_X64_REGISTER_RDX, 0x3f8);
        bool isPush = kind == "push";
        ulong start = isPush ? Destination + 8 : Destination;
        machine.Set(hv_register_name.HV_X64_REGISTER_RSP, start);
        ulong* watched = (ulong*)(machine.Ram + Destination);
        *watched = Sentinel;

        bool isRunning = true;
        long polls = 0;
        ulong seen = Sentinel;
        Thread other = new(() =>
        {
            while (Volatile.Read(ref isRunning))
            {
                ulong value = Volatile.Read(ref *watched);
                seen = value != Sentinel ? value : seen;
                Volatile.Write(ref polls, polls + 1);
            }
        });
        other.Start();
        try
        {
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref polls) > 0, RunningGuest.TooLong));
            for (int round = 0; round < Rounds; round++)
            {
                hv_message message = machine.RunToMessage();
                Assert.Equal(
                    kind.Contains("ins", StringComparison.Ordinal)
                        ? hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT
                        : hv_message_type.HVMSG_UNMAPPED_GPA,
                    (hv_message_type)message.header.message_type);

                // The header is the first part of both messages.
                ulong rip = MemoryMarshal.Read<hv_x64_intercept_message_header>(
                    MemoryMarshal.AsBytes((ReadOnlySpan<ulong>)message.u.payload)).rip;
                Assert.True(
                    rip == GuestCode.CodeGpa,
                    rip == GuestCode.CodeGpa ? "" : $"round {round}: {StopDescription.Of(in message, machine)}, loaded code "
                        + Convert.ToHexStringLower(code));
            }
        }
        finally
        {
            Volatile.Write(ref isRunning, false);
            other.Join();
        }

        Assert.True(seen == Sentinel, $"0x{seen:x} was seen, in {polls} looks");
        Assert.Equal(Sentinel, *watched);
        Assert.Equal(GuestCode.CodeGpa, machine.Get(hv_register_name.HV_X64_REGISTER_RIP).reg64);
        Assert.Equal(start, machine.Get(isPush ? hv_register_name.HV_X64_REGISTER_RSP : hv_register_name.HV_X64_REGISTER_RDI).reg64);
        Assert.Equal(3UL, machine.Get(hv_register_name.HV_X64_REGISTER_RCX).reg64);
    }

    // Addresses of 32 bits, so that the device can be reached in every mode.
    private static Instruction InstructionOf(string kind, int bits) => kind switch
    {
        "insb" => Instruction.CreateInsb(32),
        "insd" => Instruction.CreateInsd(32),
        "rep insb" => Instruction.CreateInsb(32, repPrefix: RepPrefixKind.Repe),
        "movsb" => Instruction.CreateMovsb(32),
        "movsd" => Instruction.CreateMovsd(32),
        "rep movsb" => Instruction.CreateMovsb(32, repPrefix: RepPrefixKind.Repe),
        _ => Instruction.Create(
            bits == 64 ? Code.Push_rm64 : bits == 32 ? Code.Push_rm32 : Code.Push_rm16, new MemoryOperand(Register.EBX)),
    };
}
