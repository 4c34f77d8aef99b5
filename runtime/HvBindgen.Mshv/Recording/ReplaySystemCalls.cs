using System.Runtime.InteropServices;
using HvBindgen.Emulation;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Running;

namespace HvBindgen.Mshv.Recording;

/// <summary>Plays a recording in place of a device, and checks that everything is done as it was recorded.</summary>
/// <remarks>
/// Give it to <see cref="MshvDeviceOptions"/> as the system calls and do what was done then, with devices that answer as they did.
/// Every register that is written back is compared; the first difference is a <see cref="ReplayDivergenceException"/>. When the
/// recording has come to its end, the run ends as <see cref="RunEnd.EndOfRecording"/>. Descriptors have numbers of their own, reserved in
/// the process, and not the recorded ones: those may be another file's by now.
/// </remarks>
public sealed unsafe class ReplaySystemCalls : ISystemCalls
{
    // What running a processor gives after the last recorded run: an error number (ENODATA) that no driver gives there.
    private const int EndOfRecording = 61;

    private const int PageBytes = Constants.MSHV_HV_PAGE_SIZE;

    private readonly Lock playing = new();
    private readonly List<RecordedFrame> opens = [];

    // By their numbers in the recording, and by those that were given out for them here.
    private readonly Dictionary<int, ReplayedDescriptor> recorded = [];
    private readonly Dictionary<int, ReplayedDescriptor> descriptors = [];
    private readonly SortedDictionary<ulong, (nint Address, ulong SizeBytes)> guestMemory = [];
    private readonly FrameBuffer comparison = new();
    private long checkedRegisters;

    /// <summary>Reads a recording.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="RecordingException">The file is not a recording, is damaged, or is of another version.</exception>
    public ReplaySystemCalls(string path)
        : this(File.OpenRead(path), path)
    {
    }

    internal ReplaySystemCalls(Stream stream, string name)
    {
        using (stream)
        {
            foreach (RecordedFrame frame in RecordingReader.ReadAll(stream, name, out GuestArchitecture architecture))
            {
                Architecture = architecture;
                if (frame.Kind == FrameKind.Open)
                {
                    opens.Add(frame);
                }
                else if (frame.Kind != FrameKind.End)
                {
                    Recorded(frame.Fd).Frames.Add(frame);
                }
            }
        }
    }

    /// <summary>Architecture of the recorded guest.</summary>
    public GuestArchitecture Architecture { get; }

    /// <summary>How many writes of registers have been compared so far, by hypercall or on the register page.</summary>
    public long CheckedRegisterWrites => Interlocked.Read(ref checkedRegisters);

    /// <summary>Recorded calls that have not been made yet.</summary>
    public int RemainingCalls
    {
        get
        {
            lock (playing)
            {
                return recorded.Values.Sum(
                    descriptor => descriptor.Frames.Count(frame => !frame.IsUsed && frame.Kind != FrameKind.GuestPage));
            }
        }
    }

    /// <inheritdoc/>
    public SystemCallResult Open(string path, int flags)
    {
        lock (playing)
        {
            RecordedFrame frame = opens.Find(candidate => !candidate.IsUsed && candidate.Path == path)
                ?? throw new ReplayDivergenceException($"The recording opens no '{path}' (any more).");
            frame.IsUsed = true;
            return frame.Errno == 0
                ? GiveOut(frame.Value, RecordingSystemCalls.KindOf(path))
                : SystemCallResult.Failure(frame.Errno);
        }
    }

    /// <inheritdoc/>
    public SystemCallResult Close(int fd)
    {
        lock (playing)
        {
            // What was not given out here is the caller's own: an event, a file of memory.
            SystemCallResult closed = LinuxSystemCalls.Instance.Close(fd);
            if (!descriptors.Remove(fd, out ReplayedDescriptor? descriptor))
            {
                return closed;
            }

            // A recording may end before its descriptors were closed.
            return descriptor.TakeClose() is { Errno: not 0 } frame ? SystemCallResult.Failure(frame.Errno) : SystemCallResult.Success(0);
        }
    }

    /// <inheritdoc/>
    public IoctlResult Ioctl(int fd, uint request, void* argument)
    {
        lock (playing)
        {
            ReplayedDescriptor descriptor = GivenOut(fd);
            if (descriptor.Divergence is { } first)
            {
                throw first;
            }

            return request == Constants.MSHV_RUN_VP ? Run(descriptor, argument) : Request(descriptor, fd, request, argument);
        }
    }

    /// <inheritdoc/>
    public SystemCallResult Map(nuint sizeBytes, int protection, int flags, int fd, long offsetBytes)
    {
        lock (playing)
        {
            if (!descriptors.TryGetValue(fd, out ReplayedDescriptor? descriptor))
            {
                return LinuxSystemCalls.Instance.Map(sizeBytes, protection, flags, fd, offsetBytes);
            }

            RecordedFrame frame = descriptor.TakeFirst(
                candidate => candidate.Kind == FrameKind.Map && candidate.Offset == (ulong)offsetBytes)
                ?? throw new ReplayDivergenceException($"The recording maps nothing at offset {offsetBytes} of descriptor {fd}.");
            if (frame.Errno != 0)
            {
                return SystemCallResult.Failure(frame.Errno);
            }

            SystemCallResult mapped = LinuxSystemCalls.Instance.Map(
                sizeBytes, LinuxFlags.ProtRead | LinuxFlags.ProtWrite, LinuxFlags.MapPrivate | LinuxFlags.MapAnonymous, -1, 0);
            if (mapped.IsSuccess && offsetBytes == Constants.MSHV_VP_MMAP_OFFSET_REGISTERS * (long)PageBytes)
            {
                descriptor.RegisterPage = (byte*)mapped.Value;
                if (frame.Delta.Length > 0)
                {
                    WordDelta.Apply(frame.Delta.Span, descriptor.PageShadow);
                    descriptor.CopyShadowToPage();
                }
            }

            return mapped;
        }
    }

    /// <inheritdoc/>
    public SystemCallResult Unmap(void* address, nuint sizeBytes)
    {
        lock (playing)
        {
            foreach (ReplayedDescriptor descriptor in recorded.Values)
            {
                if (descriptor.RegisterPage == address)
                {
                    descriptor.RegisterPage = null;
                }
            }
        }

        return LinuxSystemCalls.Instance.Unmap(address, sizeBytes);
    }

    /// <inheritdoc/>
    public SystemCallResult CreateEvent(uint initialValue, int flags) => LinuxSystemCalls.Instance.CreateEvent(initialValue, flags);

    /// <inheritdoc/>
    /// <remarks>Only what the recording has brought for an exit can be looked at: of all other pages it has nothing.</remarks>
    public IGuestPhysicalMemory ViewMemory(int processorFd, IGuestPhysicalMemory memory)
    {
        lock (playing)
        {
            return new ReplayedMemory(GivenOut(processorFd), memory);
        }
    }

    /// <inheritdoc/>
    public bool IsEndOfRecording(int errno) => errno == EndOfRecording;

    private ReplayedDescriptor Recorded(int fd)
    {
        ref ReplayedDescriptor? descriptor = ref CollectionsMarshal.GetValueRefOrAddDefault(recorded, fd, out _);
        return descriptor ??= new ReplayedDescriptor();
    }

    private ReplayedDescriptor GivenOut(int fd) => descriptors.GetValueOrDefault(fd)
        ?? throw new ReplayDivergenceException($"Descriptor {fd} is none of the replay's, or has been closed.");

    // An event that nobody signals keeps the number from everyone else until the descriptor is closed.
    private SystemCallResult GiveOut(int recordedFd, DescriptorKind kind)
    {
        SystemCallResult reserved = LinuxSystemCalls.Instance.CreateEvent(0, LinuxFlags.EventCloseOnExec);
        if (reserved.IsSuccess)
        {
            ReplayedDescriptor descriptor = Recorded(recordedFd);
            descriptor.Kind = kind;
            descriptors[(int)reserved.Value] = descriptor;
        }

        return reserved;
    }

    private IoctlResult Request(ReplayedDescriptor descriptor, int fd, uint request, void* argument)
    {
        RequestInfo<DescriptorKind> known = Requests.All.Find(descriptor.Kind, request)
            ?? throw new ReplayDivergenceException(
                $"Request 0x{request:x8} on descriptor {fd} ({descriptor.Kind}) is none that this library knows, so none that it " +
                    $"recorded.");
        bool hasArgument = known.ArgumentBytes > 0 && argument is not null;
        comparison.Begin(FrameKind.Ioctl);
        if (hasArgument)
        {
            new RecordedArgument(known, argument).WriteInput(comparison);
        }

        ReadOnlyMemory<byte> input = comparison.Written[1..].ToArray();
        bool Matches(RecordedFrame frame) =>
            frame.Kind == FrameKind.Ioctl && frame.Request == request && frame.Input.Span.SequenceEqual(input.Span);

        // A processor's calls have an order. Those to the machine come from several threads, each in its own time.
        RecordedFrame? taken = descriptor.Kind == DescriptorKind.Vp ? descriptor.TakeNext(Matches) : descriptor.TakeFirst(Matches);
        if (taken is null)
        {
            throw new ReplayDivergenceException(Describe(descriptor, fd, request, input.Span));
        }

        if (hasArgument && !new RecordedArgument(known, argument).TryReplayOutput(taken.Argument.Span, taken.Output.Span))
        {
            throw new ReplayDivergenceException(
                $"{known} at byte {taken.Position} of the recording has another size of output.");
        }

        if (request == Constants.MSHV_ROOT_HVCALL && ((mshv_root_hvcall*)argument)->code == Constants.HVCALL_SET_VP_REGISTERS)
        {
            Interlocked.Increment(ref checkedRegisters);
        }

        if (taken.Errno != 0)
        {
            return IoctlResult.Failure(taken.Errno);
        }

        if (known.Creates is { } created)
        {
            SystemCallResult given = GiveOut(taken.Value, created);
            return given.IsSuccess ? IoctlResult.Success((int)given.Value) : IoctlResult.Failure(given.Errno);
        }

        if (request == Constants.MSHV_SET_GUEST_MEMORY)
        {
            FollowMemory(in *(mshv_user_mem_region*)argument);
        }

        return IoctlResult.Success(taken.Value);
    }

    // Where guest memory is now: the recording fills it.
    private void FollowMemory(in mshv_user_mem_region region)
    {
        ulong gpa = region.guest_pfn * PageBytes;
        if ((region.flags & (1 << Constants.MSHV_SET_MEM_BIT_UNMAP)) != 0)
        {
            guestMemory.Remove(gpa);
        }
        else
        {
            guestMemory[gpa] = ((nint)region.userspace_addr, region.size);
        }
    }

    private IoctlResult Run(ReplayedDescriptor descriptor, void* argument)
    {
        CheckPage(descriptor);
        RecordedFrame? frame = descriptor.TakeNext(candidate => candidate.Kind == FrameKind.Run);
        if (frame is null)
        {
            return descriptor.PeekNext() is { Kind: not FrameKind.Close } next
                ? throw new ReplayDivergenceException(
                    $"The processor is run where the recording has a call of kind {next.Kind}, at byte {next.Position}.")
                : IoctlResult.Failure(EndOfRecording);
        }

        Span<byte> message = new(argument, sizeof(hv_message));
        message.Clear();
        frame.Output.Span.CopyTo(message);
        WordDelta.Apply(frame.Delta.Span, descriptor.PageShadow);
        descriptor.CopyShadowToPage();
        foreach (RecordedFrame page in descriptor.TakeGuestPages())
        {
            byte[] shadow = descriptor.GuestPage(page.Offset);
            WordDelta.Apply(page.Delta.Span, shadow);
            CopyToGuest(page.Offset, shadow);
        }

        return frame.Errno == 0 ? IoctlResult.Success(0) : IoctlResult.Failure(frame.Errno);
    }

    private void CheckPage(ReplayedDescriptor descriptor)
    {
        RecordedFrame? expected = descriptor.TakeNext(candidate => candidate.Kind == FrameKind.PageWrite);
        if (expected is not null)
        {
            WordDelta.Apply(expected.Delta.Span, descriptor.PageShadow);
        }

        if (descriptor.RegisterPage is not null)
        {
            ReadOnlySpan<byte> now = new(descriptor.RegisterPage, descriptor.PageShadow.Length);
            int difference = now.CommonPrefixLength(descriptor.PageShadow);
            if (difference < now.Length)
            {
                int word = difference & ~(sizeof(ulong) - 1);
                throw new ReplayDivergenceException(
                    $"The register page differs at offset {word}"
                        + $"{(expected is null ? "" : $", at byte {expected.Position} of the recording")}: "
                        + $"recorded 0x{BitConverter.ToUInt64(descriptor.PageShadow, word):x}, now "
                        + $"0x{BitConverter.ToUInt64(now[word..]):x}.");
            }

            Interlocked.Add(ref checkedRegisters, expected is null ? 0 : 1);
        }
    }

    private void CopyToGuest(ulong gpa, byte[] page)
    {
        foreach ((ulong start, (nint address, ulong sizeBytes)) in guestMemory)
        {
            if (gpa < start || gpa - start >= sizeBytes)
            {
                continue;
            }

            if (sizeBytes - (gpa - start) < (ulong)page.Length)
            {
                throw new ReplayDivergenceException($"The recording fills a page at 0x{gpa:x}, of which only a part is guest memory now.");
            }

            // The caller of this replay mapped it, and keeps it until it is unmapped.
            page.CopyTo(new Span<byte>((byte*)address + (gpa - start), page.Length));
            return;
        }

        throw new ReplayDivergenceException($"The recording fills a page at 0x{gpa:x}, where no guest memory is now.");
    }

    private static string Describe(ReplayedDescriptor descriptor, int fd, uint request, ReadOnlySpan<byte> input)
    {
        string now = $"request 0x{request:x} on descriptor {fd} with {Convert.ToHexStringLower(input)}";
        return descriptor.PeekNext() is { } next
            ? $"The recording has, at byte {next.Position}, {next.Kind} 0x{next.Request:x} with "
                + $"{Convert.ToHexStringLower(next.Input.Span)}; now it is {now}."
            : $"The recording has no more calls on descriptor {fd}; now it is {now}.";
    }
}
