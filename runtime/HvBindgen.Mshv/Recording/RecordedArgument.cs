using System.Runtime.CompilerServices;
using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Recording;

/// <summary>The argument of a request with the memory that it points to, as the table of requests describes them.</summary>
/// <remarks>Addresses and descriptors differ from run to run: they are left out, as zeros.</remarks>
internal readonly unsafe ref struct RecordedArgument
{
    // A frame holds input and output, and little else.
    private const int MaxMemoryBytes = RecordingFormat.MaxFrameBytes / 2;

    private readonly RequestInfo<DescriptorKind> request;
    private readonly byte* argument;
    private readonly int sizeBytes;

    /// <summary>Looks at an argument before the request is made, or after it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="argument">Its argument, which with all it points to stays in place as long as it is looked at.</param>
    /// <exception cref="RecordingException">It is more than a frame holds.</exception>
    internal RecordedArgument(RequestInfo<DescriptorKind> request, void* argument)
    {
        this.request = request;
        this.argument = (byte*)argument;
        sizeBytes = ArgumentBytes();
    }

    /// <summary>Copies what the request reads.</summary>
    internal void WriteInput(FrameBuffer frame)
    {
        Scrub(frame.WriteBlock(new ReadOnlySpan<byte>(argument, sizeBytes)));
        WriteMemory(frame, IsRead);
    }

    /// <summary>Copies what the request has written.</summary>
    internal void WriteOutput(FrameBuffer frame, bool succeeded)
    {
        ReadOnlySpan<byte> written = request.WritesArgument ? new ReadOnlySpan<byte>(argument, sizeBytes) : default;
        Span<byte> copy = frame.WriteBlock(written);
        if (written.Length > 0)
        {
            Scrub(copy);
        }

        WriteMemory(frame, succeeded ? IsWritten : static _ => false);
    }

    /// <summary>Writes what the request wrote when it was recorded. The caller's addresses and descriptors stay.</summary>
    /// <returns>False when the recorded output does not fit the argument of this request.</returns>
    internal bool TryReplayOutput(ReadOnlySpan<byte> recordedArgument, ReadOnlySpan<byte> recordedMemory)
    {
        int room = 0;
        foreach (PointedMemory written in request.Memory.Where(IsWritten))
        {
            room += Target(written).Length;
        }

        if (recordedMemory.Length > room || (recordedArgument.Length > 0 && recordedArgument.Length != sizeBytes))
        {
            return false;
        }

        // One piece behind the other, as they were written.
        foreach (PointedMemory written in request.Memory.Where(IsWritten))
        {
            Span<byte> memory = Target(written);
            int length = Math.Min(memory.Length, recordedMemory.Length);
            recordedMemory[..length].CopyTo(memory);
            recordedMemory = recordedMemory[length..];
        }

        if (recordedArgument.Length > 0)
        {
            Span<byte> own = stackalloc byte[request.ArgumentBytes];
            new ReadOnlySpan<byte>(argument, own.Length).CopyTo(own);
            recordedArgument.CopyTo(new Span<byte>(argument, sizeBytes));
            foreach (ArgumentMember member in Private())
            {
                own.Slice(member.OffsetBytes, member.SizeBytes).CopyTo(new Span<byte>(argument + member.OffsetBytes, member.SizeBytes));
            }
        }

        return true;
    }

    private static bool IsRead(PointedMemory memory) => memory.Use is MemoryUse.Read or MemoryUse.ReadWrite;

    private static bool IsWritten(PointedMemory memory) => memory.Use is MemoryUse.Write or MemoryUse.ReadWrite;

    // What only this run means something by.
    private IEnumerable<ArgumentMember> Private() => [.. request.Memory.Select(memory => memory.Pointer), .. request.Descriptors];

    private void Scrub(Span<byte> copy)
    {
        foreach (ArgumentMember member in Private())
        {
            copy.Slice(member.OffsetBytes, member.SizeBytes).Clear();
        }
    }

    private void WriteMemory(FrameBuffer frame, Func<PointedMemory, bool> isWanted)
    {
        int lengthPosition = frame.Reserve(sizeof(int));
        int start = frame.Length;
        foreach (PointedMemory memory in request.Memory.Where(isWanted))
        {
            frame.Write(Target(memory));
        }

        frame.Patch(lengthPosition, frame.Length - start);
    }

    // The caller of the request vouches for its memory, as it does to the kernel.
    private Span<byte> Target(PointedMemory memory)
    {
        ulong address = Read(memory.Pointer);
        ulong count = memory.Count.SizeBytes == 0 ? 1 : Read(memory.Count);
        UInt128 bits = (UInt128)count * (uint)memory.UnitBits;
        UInt128 length = (bits + 7) / 8;
        return address == 0 ? default
            : length <= MaxMemoryBytes ? new Span<byte>((void*)address, (int)length)
            : throw new RecordingException($"{request} points to {length} bytes, and a frame of a recording holds {MaxMemoryBytes}.");
    }

    private int ArgumentBytes()
    {
        if (request.Longer is { } longer)
        {
            ulong flags = Read(longer.Flags);
            return (flags & ~longer.KnownFlags) == 0 && ((flags >> longer.Bit) & 1) != 0 ? longer.SizeBytes : request.ArgumentBytes;
        }

        if (request.Elements is { } elements)
        {
            // The kernel refuses a count that is beyond reason before it looks at any element.
            ulong bytes = Read(elements.Count) * (ulong)elements.ElementBytes;
            return bytes <= MaxMemoryBytes ? request.ArgumentBytes + (int)bytes : request.ArgumentBytes;
        }

        return request.ArgumentBytes;
    }

    private ulong Read(ArgumentMember member) => member.SizeBytes switch
    {
        1 => argument[member.OffsetBytes],
        2 => Unsafe.ReadUnaligned<ushort>(argument + member.OffsetBytes),
        4 => Unsafe.ReadUnaligned<uint>(argument + member.OffsetBytes),
        _ => Unsafe.ReadUnaligned<ulong>(argument + member.OffsetBytes),
    };
}
