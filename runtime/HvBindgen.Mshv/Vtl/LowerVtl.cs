using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Vtl;

/// <summary>The lower virtual trust level, VTL0, as the paravisor above it sees it.</summary>
/// <remarks>Registers and running are those of the processor that the calling thread is on: pin the thread first.</remarks>
public sealed unsafe class LowerVtl : IDisposable
{
    internal LowerVtl(VtlHandle handle) => Handle = handle;

    /// <summary>The descriptor.</summary>
    public VtlHandle Handle { get; }

    /// <summary>Tells the driver of memory of the lower trust level. It cannot be taken back.</summary>
    /// <param name="startPage">First page, counted in 4096 bytes.</param>
    /// <param name="endPage">First page after it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty.</exception>
    /// <exception cref="HypervisorException">The kernel refused.</exception>
    public void AddMemory(ulong startPage, ulong endPage)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(endPage, startPage);
        Check(
            VtlIoctls.MSHV_ADD_VTL0_MEMORY(Handle, new mshv_vtl_ram_disposition { start_pfn = startPage, last_pfn = endPage }),
            $"Adding the pages 0x{startPage:x} to 0x{endPage:x} of the lower trust level");
    }

    /// <summary>Makes a processor come back from the lower trust level when a file becomes readable.</summary>
    /// <param name="processor">Number of the processor.</param>
    /// <param name="fd">Descriptor of the file, which the driver keeps.</param>
    /// <exception cref="HypervisorException">The kernel refused.</exception>
    public void SetPollFile(uint processor, int fd)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fd);
        Check(
            VtlIoctls.MSHV_SET_POLL_FILE(Handle, new mshv_vtl_set_poll_file { cpu = processor, fd = (uint)fd }),
            $"Setting the poll file of processor {processor}");
    }

    /// <summary>Runs the lower trust level on this processor; the message of its end is on the run page.</summary>
    /// <returns>False when a signal or the cancel flag of the run page ended it.</returns>
    /// <exception cref="HypervisorException">The kernel refused.</exception>
    public bool ReturnToLowerVtl()
    {
        IoctlResult result = VtlIoctls.MSHV_RETURN_TO_LOWER_VTL(Handle);
        if (result.Errno == Errno.EINTR)
        {
            return false;
        }

        Check(result, "Returning to the lower trust level");
        return true;
    }

    /// <summary>Reads a register of this processor.</summary>
    /// <param name="name">Register.</param>
    /// <returns>Its value.</returns>
    /// <exception cref="HypervisorException">The kernel or the hypervisor refused.</exception>
    public hv_register_value GetRegister(hv_register_name name)
    {
        hv_register_assoc register = new() { name = (uint)name };
        mshv_vp_registers request = new() { count = 1, regs_ptr = (ulong)&register };
        Check(VtlIoctls.MSHV_GET_VP_REGISTERS(Handle, ref request), $"Reading {name} of the lower trust level");
        return register.value;
    }

    /// <summary>Writes a register of this processor.</summary>
    /// <param name="name">Register.</param>
    /// <param name="value">Value.</param>
    /// <exception cref="HypervisorException">The kernel or the hypervisor refused.</exception>
    public void SetRegister(hv_register_name name, hv_register_value value)
    {
        hv_register_assoc register = new() { name = (uint)name, value = value };
        mshv_vp_registers request = new() { count = 1, regs_ptr = (ulong)&register };
        Check(VtlIoctls.MSHV_SET_VP_REGISTERS(Handle, request), $"Writing {name} of the lower trust level");
    }

    /// <summary>Closes the trust level.</summary>
    public void Dispose() => Handle.Dispose();

    private static void Check(IoctlResult result, string operation)
    {
        if (!result.IsSuccess)
        {
            throw new HypervisorException(operation, result.Errno);
        }
    }
}
