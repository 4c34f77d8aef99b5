using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>Whether and why a processor does not execute, and what ends a run for the client's sake.</summary>
internal sealed class SuspensionRegisters(RunStatus status, ProcessorStartup startup) : IRegisterBank
{
    public int? Get(hv_register_name name, ref hv_register_value value)
    {
        switch (name)
        {
            case hv_register_name.HV_REGISTER_EXPLICIT_SUSPEND:
                value.explicit_suspend.suspended = status.IsExplicitlySuspended ? 1UL : 0;
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_REGISTER_INTERCEPT_SUSPEND:
                value.intercept_suspend.suspended = status.IsInterceptSuspended ? 1UL : 0;
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_REGISTER_DISPATCH_SUSPEND:
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_REGISTER_INTERNAL_ACTIVITY_STATE:
                ProcessorActivity activity = startup.Activity;
                value.reg64 = new hv_internal_activity_register
                {
                    startup_suspend = activity == ProcessorActivity.WaitingForStartup ? 1UL : 0,
                    halt_suspend = activity == ProcessorActivity.Halted ? 1UL : 0,
                }.as_uint64;
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_REGISTER_DELIVERABILITY_NOTIFICATIONS:
                value.reg64 = status.DeliverabilityNotifications.as_uint64;
                return Hv.HV_STATUS_SUCCESS;
            default:
                return null;
        }
    }

    public int? Set(hv_register_name name, in hv_register_value value)
    {
        switch (name)
        {
            case hv_register_name.HV_REGISTER_EXPLICIT_SUSPEND:
                status.IsExplicitlySuspended = value.explicit_suspend.suspended != 0;
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_REGISTER_INTERCEPT_SUSPEND:
                status.IsInterceptSuspended = value.intercept_suspend.suspended != 0;
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_REGISTER_INTERNAL_ACTIVITY_STATE:
                hv_internal_activity_register activity = new() { as_uint64 = value.reg64 };
                startup.Activity = activity.startup_suspend != 0 ? ProcessorActivity.WaitingForStartup
                    : activity.halt_suspend != 0 ? ProcessorActivity.Halted
                    : ProcessorActivity.Running;
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_REGISTER_DELIVERABILITY_NOTIFICATIONS:
                status.DeliverabilityNotifications.as_uint64 = value.reg64;
                return Hv.HV_STATUS_SUCCESS;
            default:
                return null;
        }
    }
}
