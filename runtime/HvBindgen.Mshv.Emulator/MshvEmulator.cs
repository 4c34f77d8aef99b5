using System.Runtime.InteropServices;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Emulator.Driver;
using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Emulator.Hypervisor;
using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Running;

namespace HvBindgen.Mshv.Emulator;

/// <summary>
/// <c>/dev/mshv</c> on <c>/dev/kvm</c>, or on processors in software: the driver's interface, checks and error numbers, with guests that
/// really execute.
/// </summary>
/// <remarks>
/// The boundary is that of system calls: descriptors, requests and pointers. Descriptors of the emulated device are reserved in the
/// process, so that they never collide with others; every other descriptor goes to the system.
/// </remarks>
public sealed unsafe class MshvEmulator : ISystemCalls, IDisposable
{
    private readonly MshvEmulatorOptions options;
    private readonly DescriptorTable descriptors = new();
    private readonly PageMappings mappings = new();
    private readonly Host host;

    /// <summary>Sets up an emulated device. <c>/dev/kvm</c> is looked for only when it is opened.</summary>
    /// <param name="options">Options; the defaults when null.</param>
    /// <exception cref="ArgumentException">
    /// The options want <see cref="MshvEngine.Kvm"/>, and a clock or a seed that only processors in software follow.
    /// </exception>
    public MshvEmulator(MshvEmulatorOptions? options = null)
    {
        this.options = options ?? new MshvEmulatorOptions();
        host = new Host(new EngineChoice(this.options).Open, this.options.OnRefusal);
    }

    /// <summary>Architecture of the guests, whatever that of this machine is: <see cref="GuestArchitecture.X64"/>.</summary>
    public GuestArchitecture Architecture => GuestArchitecture.X64;

    /// <summary>Where the time of runs goes.</summary>
    internal RunStatistics Statistics => host.Statistics;

    /// <summary>Whether guests can run here on <c>/dev/kvm</c>, or in software where that has been chosen by
    /// <see cref="MshvDeviceOptions.BackendVariable"/>.</summary>
    /// <param name="reason">Why not, with the remedy.</param>
    /// <returns>True when they can.</returns>
    /// <remarks>Where they cannot, <see cref="MshvEngine.Auto"/> runs them in software.</remarks>
    public static bool IsAvailable(out string? reason)
    {
        try
        {
            using Host host = new(new EngineChoice(new MshvEmulatorOptions { Engine = MshvEngine.Kvm }).Open, static _ => { });
            host.Start();
            reason = null;
            return true;
        }
        catch (PlatformNotSupportedException exception)
        {
            reason = exception.Message;
            return false;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="PlatformNotSupportedException">
    /// The emulated device is opened on <see cref="MshvEngine.Kvm"/>, but <c>/dev/kvm</c> cannot be used.
    /// </exception>
    public SystemCallResult Open(string path, int flags)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path != options.Path)
        {
            return LinuxSystemCalls.Instance.Open(path, flags);
        }

        host.Start();
        return ResultOf(descriptors.Install(new DeviceFile(descriptors, host, flags)));
    }

    /// <inheritdoc/>
    public SystemCallResult Close(int fd) =>
        descriptors.Close(fd) ? SystemCallResult.Success(0) : LinuxSystemCalls.Instance.Close(fd);

    /// <inheritdoc/>
    public IoctlResult Ioctl(int fd, uint request, void* argument)
    {
        if (descriptors.Acquire(fd) is not { } file)
        {
            return LinuxSystemCalls.Instance.Ioctl(fd, request, argument);
        }

        try
        {
            return file.Ioctl(request, (ulong)argument);
        }
        finally
        {
            file.Release();
        }
    }

    /// <summary>Makes a request of a thread that has signals blocked which it had not when it made the request.</summary>
    /// <param name="fd">Descriptor.</param>
    /// <param name="request">Request number.</param>
    /// <param name="argument">Argument.</param>
    /// <param name="blockedSignals">
    /// What it had blocked then, bit 0 for signal 1: any other ends what blocks, even if it came before.
    /// </param>
    /// <returns>The request's result, or its error number.</returns>
    internal IoctlResult Ioctl(int fd, uint request, void* argument, ulong blockedSignals)
    {
        // A request on another descriptor gets the processor out of its run whatever the client has blocked.
        CallerSignals.Blocked = blockedSignals & ~CallerSignals.SetOf(KickSignal.Number);
        try
        {
            IoctlResult result = Ioctl(fd, request, argument);
            if (result.Errno == Errno.EINTR)
            {
                CallerSignals.Take(KickSignal.Number);
            }

            return result;
        }
        finally
        {
            CallerSignals.Blocked = null;
        }
    }

    /// <inheritdoc/>
    public SystemCallResult Map(nuint sizeBytes, int protection, int flags, int fd, long offsetBytes) =>
        Map(null, sizeBytes, protection, flags, fd, offsetBytes);

    /// <summary>Maps memory, or a part of a descriptor, where the caller says.</summary>
    /// <returns>The address, or the error number.</returns>
    internal SystemCallResult Map(void* address, nuint sizeBytes, int protection, int flags, int fd, long offsetBytes)
    {
        if (fd < 0 || descriptors.Acquire(fd) is not { } file)
        {
            nint mapped = CLibrary.Mmap(address, sizeBytes, protection, flags, fd, offsetBytes);
            return mapped == -1 ? SystemCallResult.Failure(Marshal.GetLastSystemError()) : SystemCallResult.Success(mapped);
        }

        try
        {
            SystemCallResult mapped = sizeBytes == 0
                ? SystemCallResult.Failure(Errno.EINVAL)
                : file.Map(address, sizeBytes, protection, flags, offsetBytes);
            if (mapped.IsSuccess)
            {
                mappings.Add(mapped.Value, sizeBytes, file);
            }

            return mapped;
        }
        finally
        {
            file.Release();
        }
    }

    /// <inheritdoc/>
    public SystemCallResult Unmap(void* address, nuint sizeBytes) => mappings.Unmap((nint)address, sizeBytes);

    /// <inheritdoc/>
    public SystemCallResult CreateEvent(uint initialValue, int flags) => LinuxSystemCalls.Instance.CreateEvent(initialValue, flags);

    /// <inheritdoc/>
    public string? ExplainFailedRun(int processorFd)
    {
        if (descriptors.Acquire(processorFd) is not { } file)
        {
            return null;
        }

        try
        {
            return file.FailureOfRun;
        }
        finally
        {
            file.Release();
        }
    }

    /// <summary>Closes <c>/dev/kvm</c>. Partitions that are still open go on; no device can be opened any more.</summary>
    public void Dispose() => host.Dispose();

    private static SystemCallResult ResultOf(IoctlResult result) =>
        result.IsSuccess ? SystemCallResult.Success(result.Value) : SystemCallResult.Failure(result.Errno);
}
