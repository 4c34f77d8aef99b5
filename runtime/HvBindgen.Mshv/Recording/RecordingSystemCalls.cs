using HvBindgen.Emulation;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Recording;

/// <summary>Passes system calls on and writes down what came of them: every message and every register of a run.</summary>
/// <remarks>
/// <para>Give it to <see cref="MshvDeviceOptions"/> as the system calls, run the machine, dispose it; <see cref="ReplaySystemCalls"/>
/// plays the file without a device.</para>
/// <para>Of guest memory it writes down the pages that the emulation of instructions looks at. What devices read from guest
/// memory on their own account is not recorded.</para>
/// <para>A request that the library does not know is refused with a <see cref="RecordingException"/> while it records: what its argument
/// points to would be missing.</para>
/// </remarks>
public sealed unsafe class RecordingSystemCalls : ISystemCalls, IDisposable
{
    private const int PageBytes = Constants.MSHV_HV_PAGE_SIZE;

    private readonly ISystemCalls inner;
    private readonly Stream stream;
    private readonly RecordingWriter writer;
    private readonly Lock writing = new();
    private readonly FrameBuffer frame = new();
    private readonly Dictionary<int, DescriptorKind> descriptors = [];
    private readonly Dictionary<int, RecordedProcessor> processors = [];
    private bool isDisposed;

    /// <summary>Begins a recording.</summary>
    /// <param name="inner">The system calls to record: those of the kernel, or an emulator's.</param>
    /// <param name="path">File to write; one that exists is overwritten.</param>
    public RecordingSystemCalls(ISystemCalls inner, string path)
        : this(inner, new BufferedStream(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read), 1 << 16))
    {
    }

    internal RecordingSystemCalls(ISystemCalls inner, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(inner);
        this.inner = inner;
        this.stream = stream;
        writer = new RecordingWriter(stream);
        writer.WriteHead(inner.Architecture);
    }

    /// <inheritdoc/>
    public GuestArchitecture Architecture => inner.Architecture;

    /// <inheritdoc/>
    public SystemCallResult Open(string path, int flags)
    {
        SystemCallResult result = inner.Open(path, flags);
        lock (writing)
        {
            frame.Begin(FrameKind.Open);
            frame.WriteInt32((int)result.Value);
            frame.WriteInt32(result.Errno);
            frame.WriteText(path);
            Finish();
            if (result.IsSuccess)
            {
                descriptors[(int)result.Value] = KindOf(path);
            }
        }

        return result;
    }

    /// <inheritdoc/>
    public SystemCallResult Close(int fd)
    {
        SystemCallResult result;

        // Under the lock: the number may be another descriptor's as soon as it is closed.
        lock (writing)
        {
            result = inner.Close(fd);
            if (descriptors.Remove(fd))
            {
                processors.Remove(fd);
                frame.Begin(FrameKind.Close);
                frame.WriteInt32(fd);
                frame.WriteInt32(result.Errno);
                Finish();
            }
        }

        return result;
    }

    /// <inheritdoc/>
    public IoctlResult Ioctl(int fd, uint request, void* argument)
    {
        return request == Constants.MSHV_RUN_VP && Processor(fd) is { } processor
            ? Run(fd, processor, argument)
            : Request(fd, request, argument);
    }

    /// <inheritdoc/>
    public SystemCallResult Map(nuint sizeBytes, int protection, int flags, int fd, long offsetBytes)
    {
        SystemCallResult result = inner.Map(sizeBytes, protection, flags, fd, offsetBytes);
        lock (writing)
        {
            if (descriptors.ContainsKey(fd))
            {
                frame.Begin(FrameKind.Map);
                frame.WriteInt32(fd);
                frame.WriteInt32(result.Errno);
                frame.WriteUInt64((ulong)offsetBytes);
                bool isRegisterPage = result.IsSuccess && offsetBytes == Constants.MSHV_VP_MMAP_OFFSET_REGISTERS * (long)PageBytes;
                if (isRegisterPage && processors.GetValueOrDefault(fd) is { } processor)
                {
                    processor.RegisterPage = (byte*)result.Value;
                    processor.WritePageDelta(frame);
                }

                Finish();
            }
        }

        return result;
    }

    /// <inheritdoc/>
    public SystemCallResult Unmap(void* address, nuint sizeBytes)
    {
        lock (writing)
        {
            foreach (RecordedProcessor processor in processors.Values)
            {
                if (processor.RegisterPage == address)
                {
                    processor.RegisterPage = null;
                }
            }
        }

        return inner.Unmap(address, sizeBytes);
    }

    /// <inheritdoc/>
    public SystemCallResult CreateEvent(uint initialValue, int flags) => inner.CreateEvent(initialValue, flags);

    /// <summary>Ends the recording. The calls that still come are passed on and not recorded.</summary>
    public void Dispose()
    {
        lock (writing)
        {
            if (!isDisposed)
            {
                frame.Begin(FrameKind.End);
                Finish();
                writer.Flush();
                isDisposed = true;
                stream.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>What the emulation looks at is recorded.</remarks>
    public IGuestPhysicalMemory ViewMemory(int processorFd, IGuestPhysicalMemory memory) => new WatchedMemory(this, memory, processorFd);

    /// <inheritdoc/>
    public string? ExplainFailedRun(int processorFd) => inner.ExplainFailedRun(processorFd);

    internal void NoteGuestPage(int fd, ulong gpa, ReadOnlySpan<byte> content)
    {
        lock (writing)
        {
            if (processors.GetValueOrDefault(fd) is { } processor && processor.MustNotePage(gpa, out byte[] shadow))
            {
                frame.Begin(FrameKind.GuestPage);
                frame.WriteInt32(fd);
                frame.WriteUInt64(gpa);
                WordDelta.Write(frame, content, shadow);
                Finish();
            }
        }
    }

    private RecordedProcessor? Processor(int fd)
    {
        lock (writing)
        {
            return processors.GetValueOrDefault(fd);
        }
    }

    /// <summary>Kind of the descriptor that opening a path gives; a node under another name counts as the device.</summary>
    internal static DescriptorKind KindOf(string path) => Requests.KindOf(path) ?? DescriptorKind.Device;

    private IoctlResult Request(int fd, uint request, void* argument)
    {
        if (Find(fd, request) is not { } known)
        {
            return inner.Ioctl(fd, request, argument);
        }

        FrameBuffer own = new();
        own.Begin(FrameKind.Ioctl);
        own.WriteInt32(fd);
        own.WriteUInt64(request);
        bool hasArgument = known.ArgumentBytes > 0 && argument is not null;
        if (hasArgument)
        {
            new RecordedArgument(known, argument).WriteInput(own);
        }

        IoctlResult result = inner.Ioctl(fd, request, argument);
        own.WriteInt32(result.Value);
        own.WriteInt32(result.Errno);
        if (hasArgument)
        {
            new RecordedArgument(known, argument).WriteOutput(own, result.IsSuccess);
        }

        lock (writing)
        {
            if (descriptors.ContainsKey(fd))
            {
                Finish(own);
            }

            if (result.IsSuccess && known.Creates is { } created)
            {
                descriptors[result.Value] = created;
                if (created == DescriptorKind.Vp)
                {
                    processors[result.Value] = new RecordedProcessor();
                }
            }
        }

        return result;
    }

    // Null for a descriptor of someone else's, and when nothing is recorded any more.
    private RequestInfo<DescriptorKind>? Find(int fd, uint request)
    {
        lock (writing)
        {
            return isDisposed || !descriptors.TryGetValue(fd, out DescriptorKind kind)
                ? null
                : Requests.All.Find(kind, request) ?? throw new RecordingException(
                    $"Request 0x{request:x8} on descriptor {fd} ({kind}) is none that this library knows, so what it points to cannot " +
                        $"be recorded.");
        }
    }

    private IoctlResult Run(int fd, RecordedProcessor processor, void* argument)
    {
        lock (writing)
        {
            if (processor.RegisterPage is not null && processor.PageHasChanged())
            {
                frame.Begin(FrameKind.PageWrite);
                frame.WriteInt32(fd);
                processor.WritePageDelta(frame);
                Finish();
            }
        }

        IoctlResult result = inner.Ioctl(fd, Constants.MSHV_RUN_VP, argument);
        lock (writing)
        {
            processor.BeginExit();
            frame.Begin(FrameKind.Run);
            frame.WriteInt32(fd);
            frame.WriteInt32(result.Errno);
            frame.WriteBlock(result.IsSuccess ? new ReadOnlySpan<byte>(argument, sizeof(hv_message)).TrimEnd((byte)0) : default);
            processor.WritePageDelta(frame);
            Finish();
        }

        return result;
    }

    private void Finish() => Finish(frame);

    private void Finish(FrameBuffer finished)
    {
        if (!isDisposed)
        {
            writer.Write(finished);
        }
    }
}
