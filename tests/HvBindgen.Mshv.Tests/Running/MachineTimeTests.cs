using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Running;
using HvBindgen.Mshv.Tests.Fakes;
using Xunit;

namespace HvBindgen.Mshv.Tests.Running;

/// <summary>A paused machine's clocks stand still.</summary>
public sealed class MachineTimeTests
{
    private const uint TimeFreeze = (uint)hv_partition_property_code.HV_PARTITION_PROPERTY_TIME_FREEZE;

    [Fact]
    public void A_pause_freezes_time_after_the_processors_have_stopped_and_before_they_go_on_it_runs()
    {
        using FakeMachine fake = new(prepare: AlwaysInterrupted);
        using Machine machine = Start(fake);
        List<(ulong Value, bool AllParked)> changes = [];
        fake.Calls.OnHypercall = (code, input, _) =>
        {
            if (code == Constants.HVCALL_SET_PARTITION_PROPERTY && BitConverter.ToUInt32(input, 8) == TimeFreeze)
            {
                changes.Add((BitConverter.ToUInt64(input, 16), !fake.Partition.Processors.Any(processor => processor.IsRunning)));
            }

            return null;
        };

        machine.Pause();
        machine.Pause();
        Assert.Equal([(1UL, true)], changes);
        machine.Resume();
        Assert.Equal([(1UL, true)], changes);
        Assert.DoesNotContain(fake.Partition.Processors, processor => processor.IsRunning);
        machine.Resume();

        Assert.Equal([(1UL, true), (0UL, true)], changes);
        Assert.True(machine.IsRunning);
    }

    [Fact]
    public void A_pause_may_leave_time_alone()
    {
        using FakeMachine fake = new(prepare: AlwaysInterrupted);
        using Machine machine = Start(fake);

        machine.Pause(freezeTime: false);
        machine.Resume();

        Assert.False(fake.Calls.Properties.ContainsKey(TimeFreeze));
    }

    [Fact]
    public void Time_goes_on_when_a_paused_machine_is_disposed()
    {
        using FakeMachine fake = new(prepare: AlwaysInterrupted);
        Machine machine = Start(fake);
        machine.Pause();
        Assert.Equal(1UL, fake.Calls.Properties[TimeFreeze]);

        machine.Dispose();

        Assert.Equal(0UL, fake.Calls.Properties[TimeFreeze]);
        Assert.False(machine.IsRunning);
    }

    [Fact]
    public void A_pause_that_cannot_freeze_time_is_taken_back()
    {
        using FakeMachine fake = new(prepare: AlwaysInterrupted);
        using Machine machine = Start(fake);
        fake.Calls.OnHypercall = (code, _, _) => code == Constants.HVCALL_SET_PARTITION_PROPERTY ? Constants.HV_STATUS_ACCESS_DENIED : null;

        HypervisorException e = Assert.Throws<HypervisorException>(() => machine.Pause());

        Assert.Contains("TIME_FREEZE", e.Message, StringComparison.Ordinal);
        SpinWait.SpinUntil(() => fake.Partition.Processors.All(processor => processor.IsRunning), TimeSpan.FromSeconds(60));
        Assert.All(fake.Partition.Processors, processor => Assert.True(processor.IsRunning));
        machine.RequestEnd(RunEnd.PowerOff);
        Assert.Equal(RunEnd.PowerOff, machine.WaitForEnd()!.Value.Result.End);
    }

    [Fact]
    public void Pauses_and_resumes_of_several_threads_leave_no_processor_running_in_frozen_time()
    {
        using FakeMachine fake = new(prepare: AlwaysInterrupted);
        using Machine machine = Start(fake);
        int running = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(i => new Thread(() =>
        {
            for (int round = 0; round < 200; round++)
            {
                machine.Pause(freezeTime: i % 2 == 0);
                Thread.SpinWait(100);
                if (fake.Partition.Processors.Any(processor => processor.IsRunning))
                {
                    Interlocked.Increment(ref running);
                }

                machine.Resume();
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());

        Array.ForEach(threads, thread => Assert.True(thread.Join(TimeSpan.FromSeconds(60))));

        Assert.Equal(0, running);
        Assert.True(SpinWait.SpinUntil(() => fake.Partition.Processors.All(processor => processor.IsRunning), TimeSpan.FromSeconds(60)));
        Assert.Equal(0UL, fake.Calls.Properties.GetValueOrDefault(TimeFreeze));
    }

    // A processor that runs for a moment and comes back without a message.
    private static void AlwaysInterrupted(FakeSystemCalls calls) => calls.OnRun = (_, _) =>
    {
        Thread.Sleep(1);
        return IoctlResult.Failure(Errno.EINTR);
    };

    private static Machine Start(FakeMachine fake)
    {
        VirtualProcessor[] processors = [fake.CreateProcessor(0), fake.CreateProcessor(1)];
        Machine machine = new(processors.Select(processor => new RunLoop(processor, new MachineHandlers())));
        machine.Start();
        return machine;
    }
}
