using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Tests.Fakes;
using Xunit;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Tests.Processors;

public sealed class VpStateTests
{
    [Fact]
    public void A_state_is_saved_stored_and_restored_on_another_partition()
    {
        using FakeMachine source = Machine();
        VirtualProcessor processor = source.CreateProcessor();
        processor.X64.General = new X64GeneralRegisters { Rax = 1, Rip = 0x1000, Rflags = 2 };
        processor.X64.SetMsr(0xc0000082, 0xffffffff81000000);
        processor.X64.InjectException(13, 0);
        source.Calls.States[(byte)VpStateComponent.Xsave] = Pattern((3 * 4096) - 100);
        source.Calls.States[(byte)VpStateComponent.LocalApic] = Pattern(4096);

        VpState saved = processor.SaveState();
        VpState loaded = VpState.Parse(saved.ToArray());
        using FakeMachine target = Machine();
        VirtualProcessor other = target.CreateProcessor(5);
        other.RestoreState(loaded);

        Assert.Equal(saved.Registers, loaded.Registers);
        Assert.Equal(
            source.Calls.Registers.Select(pair => (pair.Key.Name, pair.Value)).Order(Comparer),
            target.Calls.Registers
                .Where(pair => source.Calls.Registers.ContainsKey((0, pair.Key.Name)))
                .Select(pair => (pair.Key.Name, pair.Value))
                .Order(Comparer));
        Assert.Equal(Pattern((3 * 4096) - 100), target.Calls.States[(byte)VpStateComponent.Xsave][..^100]);
        Assert.Equal(Pattern(4096), target.Calls.States[(byte)VpStateComponent.LocalApic]);
    }

    [Fact]
    public void A_state_goes_through_a_stream_with_others_after_it()
    {
        using FakeMachine machine = Machine();
        VpState state = machine.CreateProcessor().SaveState();
        using MemoryStream stream = new();
        state.WriteTo(stream);
        state.WriteTo(stream);
        stream.Position = 0;

        Assert.Equal(state.ToArray(), VpState.ReadFrom(stream).ToArray());
        Assert.Equal(state.ToArray(), VpState.ReadFrom(stream).ToArray());
        Assert.Throws<VpStateFormatException>(() => VpState.ReadFrom(stream));
    }

    [Fact]
    public void What_the_hypervisor_does_not_give_is_listed()
    {
        using FakeMachine machine = Machine();
        machine.Calls.RefusedRegisters.Add((uint)Name.HV_X64_REGISTER_PAT);
        machine.Calls.StateErrno[(byte)VpStateComponent.MessagePage] = Errno.EINVAL;

        VpState state = machine.CreateProcessor().SaveState();

        Assert.Equal([(uint)Name.HV_X64_REGISTER_PAT], state.AbsentRegisters);
        Assert.Equal([VpStateComponent.MessagePage], state.AbsentComponents);
        Assert.False(state.TryGetRegister((uint)Name.HV_X64_REGISTER_PAT, out _));
        Assert.True(state.TryGetRegister((uint)Name.HV_X64_REGISTER_STAR, out _));
    }

    [Fact]
    public void Without_known_features_every_register_is_asked_for_and_those_refused_are_listed()
    {
        using FakeMachine machine = new();
        machine.Calls.RefusedRegisters.Add((uint)Name.HV_X64_REGISTER_S_CET);

        VpState state = machine.CreateProcessor().SaveState();

        Assert.Equal([(uint)Name.HV_X64_REGISTER_S_CET], state.AbsentRegisters);
        Assert.True(state.TryGetRegister((uint)Name.HV_X64_REGISTER_U_CET, out _));

        // XSS, which says what the XSAVE state holds beside what XCR0 says.
        Assert.True(state.TryGetRegister((uint)Name.HV_X64_REGISTER_U_XSS, out _));
    }

    [Fact]
    public void What_every_processor_has_must_be_given()
    {
        using FakeMachine machine = Machine();
        VirtualProcessor processor = machine.CreateProcessor();
        machine.Calls.RefusedRegisters.Add((uint)Name.HV_X64_REGISTER_CR4);
        HypervisorException e = Assert.Throws<HypervisorException>(() => processor.SaveState());
        Assert.Contains("CR4", e.Message, StringComparison.Ordinal);

        machine.Calls.RefusedRegisters.Clear();
        machine.Calls.StateErrno[(byte)VpStateComponent.Xsave] = Errno.EIO;
        Assert.Throws<HypervisorException>(() => processor.SaveState());
    }

    [Fact]
    public void A_state_of_arm64_is_saved_and_restored_there_only()
    {
        using FakeMachine machine = new(GuestArchitecture.Arm64);
        VirtualProcessor processor = machine.CreateProcessor();
        processor.Registers.Set(Abi.Arm64.hv_register_name.HV_ARM64_REGISTER_TTBR1_EL1, 0x40000000);
        VpState state = VpState.Parse(processor.SaveState().ToArray());

        Assert.True(state.TryGetRegister((uint)Abi.Arm64.hv_register_name.HV_ARM64_REGISTER_TTBR1_EL1, out hv_u128 value));
        Assert.Equal(0x40000000UL, value.low_part);
        processor.RestoreState(state);
        using FakeMachine x64 = Machine();
        Assert.Throws<ArgumentException>(() => x64.CreateProcessor().RestoreState(state));
    }

    [Fact]
    public void What_no_request_gives_of_an_arm64_processor_is_named_and_nothing_is_missing_on_x64()
    {
        using FakeMachine arm = new(GuestArchitecture.Arm64);
        using FakeMachine x64 = Machine();

        Assert.Contains("performance counters", arm.CreateProcessor().SaveState().UnreachableParts);
        Assert.Empty(x64.CreateProcessor().SaveState().UnreachableParts);
    }

    [Fact]
    public void Components_have_any_size_and_typed_views()
    {
        using FakeMachine machine = new();
        VirtualProcessor processor = machine.CreateProcessor();
        machine.Calls.States[(byte)VpStateComponent.Xsave] = Pattern(11 * 1024);
        Assert.Equal(Pattern(11 * 1024), processor.Components.Get(VpStateComponent.Xsave));

        Abi.X64.hv_local_interrupt_controller_state apic = processor.Components.LocalApic;
        apic.apic_lvt_lint0 = 0x700;
        processor.Components.LocalApic = apic;
        Assert.Equal(0x700u, processor.Components.LocalApic.apic_lvt_lint0);
        Assert.Equal(4096, machine.Calls.States[(byte)VpStateComponent.LocalApic].Length);

        hv_synthetic_timers_state timers = default;
        timers.timers[3].count = 77;
        processor.Components.SyntheticTimers = timers;
        Assert.Equal(77UL, processor.Components.SyntheticTimers.timers[3].count);
    }

    [Fact]
    public void Every_damage_of_a_byte_is_noticed()
    {
        using FakeMachine machine = Machine();
        byte[] bytes = machine.CreateProcessor().SaveState().ToArray();
        Random random = new(1);
        for (int i = 0; i < 2000; i++)
        {
            byte[] damaged = [.. bytes];
            int at = i < 100 ? i : random.Next(damaged.Length);
            damaged[at] ^= (byte)(1 << random.Next(8));

            Assert.Throws<VpStateFormatException>(() => VpState.Parse(damaged));
            using MemoryStream stream = new(damaged);
            Assert.Throws<VpStateFormatException>(() => VpState.ReadFrom(stream));
        }
    }

    [Fact]
    public void Every_shortened_state_is_noticed()
    {
        using FakeMachine machine = Machine();
        byte[] bytes = machine.CreateProcessor().SaveState().ToArray();
        for (int length = 0; length < bytes.Length; length += length < 200 ? 1 : 97)
        {
            byte[] part = bytes[..length];
            Assert.Throws<VpStateFormatException>(() => VpState.Parse(part));
            using MemoryStream stream = new(part);
            Assert.Throws<VpStateFormatException>(() => VpState.ReadFrom(stream));
        }

        Assert.Throws<VpStateFormatException>(() => VpState.Parse([.. bytes, 0]));
    }

    [Fact]
    public void Hostile_lengths_with_a_right_checksum_are_refused()
    {
        using FakeMachine machine = Machine();
        byte[] bytes = machine.CreateProcessor().SaveState().ToArray();
        Random random = new(2);
        int refused = 0;
        for (int i = 0; i < 3000; i++)
        {
            byte[] hostile = [.. bytes];
            int at = i % 3 == 0 ? 8 + random.Next(12) : random.Next(20, hostile.Length - 4);
            random.NextBytes(hostile.AsSpan(at, Math.Min(4, hostile.Length - 4 - at)));
            BitConverter.TryWriteBytes(hostile.AsSpan(hostile.Length - 4), Crc32.Of(hostile.AsSpan(0, hostile.Length - 4)));
            try
            {
                VpState.Parse(hostile);
            }
            catch (VpStateFormatException)
            {
                refused++;
            }
        }

        // Changed values are values; only changed structure is refused, and nothing else may be thrown.
        Assert.InRange(refused, 900, 3000);
    }

    [Fact]
    public void A_state_of_the_future_is_refused_by_its_version()
    {
        using FakeMachine machine = Machine();
        byte[] bytes = machine.CreateProcessor().SaveState().ToArray();
        bytes[8] = 2;

        VpStateFormatException e = Assert.Throws<VpStateFormatException>(() => VpState.Parse(bytes));

        Assert.Contains("version 2", e.Message, StringComparison.Ordinal);
    }

    private static Comparer<(uint Name, hv_u128 Value)> Comparer =>
        Comparer<(uint Name, hv_u128 Value)>.Create((a, b) => a.Name.CompareTo(b.Name));

    /// <summary>The bytes of a processor's state.</summary>
    internal static byte[] SavedState()
    {
        using FakeMachine machine = Machine();
        return machine.CreateProcessor().SaveState().ToArray();
    }

    private static FakeMachine Machine()
    {
        FakeMachine machine = new();
        machine.Calls.Properties[(uint)hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES0] = ulong.MaxValue;
        machine.Calls.Properties[(uint)hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES1] = ulong.MaxValue;
        machine.Calls.Properties[(uint)hv_partition_property_code.HV_PARTITION_PROPERTY_SYNTHETIC_PROC_FEATURES] = ulong.MaxValue;
        return machine;
    }

    private static byte[] Pattern(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];
}
