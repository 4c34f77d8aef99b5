using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>A processor's four synthetic timers: each sends a message, or an interrupt, when reference time reaches its count.</summary>
/// <param name="vpIndex">Index of the processor.</param>
/// <param name="partition">Its partition.</param>
/// <param name="registers">Its synthetic registers.</param>
/// <param name="synic">Its synthetic interrupt controller.</param>
internal sealed class SyntheticTimers(uint vpIndex, VirtualPartition partition, SyntheticState registers, SyntheticInterrupts synic)
{
    private const ulong Never = ulong.MaxValue;

    private readonly Lock gate = new();
    private readonly ulong[] due = [Never, Never, Never, Never];
    private readonly bool[] isHeldUp = new bool[Hv.HV_SYNIC_STIMER_COUNT];

    /// <summary>When the next of them expires, in reference time; null where none does by itself.</summary>
    internal ulong? NextDue
    {
        get
        {
            lock (gate)
            {
                ulong next = Never;
                for (int timer = 0; timer < due.Length; timer++)
                {
                    next = isHeldUp[timer] ? next : Math.Min(next, due[timer]);
                }

                return next == Never ? null : next;
            }
        }
    }

    /// <summary>Whether a register is one of theirs.</summary>
    internal static bool Has(hv_register_name name) =>
        name is >= hv_register_name.HV_REGISTER_STIMER0_CONFIG and <= hv_register_name.HV_REGISTER_STIMER3_COUNT;

    /// <summary>A register of theirs was set.</summary>
    internal void OnSet(hv_register_name name)
    {
        int index = (int)(name - hv_register_name.HV_REGISTER_STIMER0_CONFIG);
        lock (gate)
        {
            // A count of zero ends a timer, any other begins one that enables itself.
            hv_stimer_config config = ConfigOf(index / 2);
            bool isCount = index % 2 != 0;
            if (isCount && CountOf(index / 2) == 0)
            {
                Enable(index / 2, config, isOn: false);
            }
            else if (isCount && config.auto_enable != 0)
            {
                Enable(index / 2, config, isOn: true);
            }

            Start(index / 2);
        }

        partition.Timers.Wake();
    }

    /// <summary>All of their registers were set.</summary>
    internal void OnRestored()
    {
        lock (gate)
        {
            for (int timer = 0; timer < due.Length; timer++)
            {
                Start(timer);
            }
        }

        partition.Timers.Wake();
    }

    /// <summary>The guest has emptied a message's slot.</summary>
    internal void OnEndOfMessage()
    {
        bool wasHeldUp;
        lock (gate)
        {
            wasHeldUp = isHeldUp.AsSpan().Contains(true);
            isHeldUp.AsSpan().Clear();
        }

        if (wasHeldUp)
        {
            partition.Timers.Wake();
        }
    }

    /// <summary>Lets those expire whose time has come.</summary>
    internal void Expire(ulong now)
    {
        lock (gate)
        {
            for (int timer = 0; timer < due.Length; timer++)
            {
                if (due[timer] <= now && !isHeldUp[timer])
                {
                    Expire(timer, now);
                }
            }
        }
    }

    private void Expire(int timer, ulong now)
    {
        hv_stimer_config config = ConfigOf(timer);

        // Whoever gets what is sent finds a timer that has ended.
        if (config.periodic == 0)
        {
            Enable(timer, config, isOn: false);
        }

        if (config.direct_mode != 0)
        {
            _ = partition.Interrupts.SendTo(vpIndex, (byte)config.apic_vector);
        }
        else if (SendMessage(timer, (uint)config.sintx, now) == Hv.HV_STATUS_INSUFFICIENT_BUFFERS)
        {
            isHeldUp[timer] = true;
            Enable(timer, config, isOn: true);
            return;
        }

        if (config.periodic != 0)
        {
            // Periods that nobody saw are lost.
            ulong period = CountOf(timer);
            due[timer] += ((now - due[timer]) / period * period) + period;
        }
        else
        {
            due[timer] = Never;
        }
    }

    private int SendMessage(int timer, uint sint, ulong now)
    {
        hv_message message = default;
        message.header.message_type = (uint)hv_message_type.HVMSG_TIMER_EXPIRED;
        message.header.payload_size = (byte)Marshal.SizeOf<hv_timer_message_payload>();
        MemoryMarshal.Write(
            MemoryMarshal.AsBytes((Span<ulong>)message.u.payload),
            new hv_timer_message_payload { timer_index = (uint)timer, expiration_time = due[timer], delivery_time = now });
        return synic.PostMessage(sint, MemoryMarshal.AsBytes(new ReadOnlySpan<hv_message>(in message)));
    }

    private void Start(int timer)
    {
        hv_stimer_config config = ConfigOf(timer);
        ulong count = CountOf(timer);
        bool hasTarget = config.direct_mode != 0 ? config.apic_vector >= InterruptRouting.FirstVector : config.sintx != 0;
        bool runs = config.enable != 0 && count != 0 && hasTarget;
        isHeldUp[timer] = false;
        due[timer] = !runs ? Never : config.periodic != 0 ? partition.Properties.ReferenceTime + count : count;
    }

    private hv_stimer_config ConfigOf(int timer) =>
        new() { as_uint64 = registers[hv_register_name.HV_REGISTER_STIMER0_CONFIG + (2 * (uint)timer)] };

    private ulong CountOf(int timer) => registers[hv_register_name.HV_REGISTER_STIMER0_COUNT + (2 * (uint)timer)];

    private void Enable(int timer, hv_stimer_config config, bool isOn)
    {
        config.enable = isOn ? 1u : 0;
        registers[hv_register_name.HV_REGISTER_STIMER0_CONFIG + (2 * (uint)timer)] = config.as_uint64;
    }
}
