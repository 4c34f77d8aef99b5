using System.Buffers.Binary;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>Guest writes that signal an event instead of ending a run.</summary>
internal sealed unsafe class SoftwareDoorbells
{
    private readonly Lock gate = new();
    private volatile Doorbell[] doorbells = [];

    /// <summary>Adds or takes away a doorbell.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal int Set(in Doorbell doorbell, bool assign)
    {
        Doorbell wanted = doorbell;
        lock (gate)
        {
            bool isThere = Array.Exists(doorbells, each => each == wanted);
            bool collides = Array.Exists(doorbells, each => each with { EventFd = wanted.EventFd } == wanted);
            if (assign ? collides : !isThere)
            {
                return assign ? Errno.EEXIST : Errno.ENOENT;
            }

            doorbells = assign ? [.. doorbells, wanted] : [.. doorbells.Where(each => each != wanted)];
            return 0;
        }
    }

    /// <summary>Signals the event of a write, if there is one.</summary>
    internal bool TryRing(ulong gpa, ReadOnlySpan<byte> data)
    {
        foreach (Doorbell doorbell in doorbells)
        {
            if (doorbell.Gpa == gpa && (doorbell.SizeBytes == 0 || doorbell.SizeBytes == data.Length)
                && data.Length <= sizeof(ulong) && (doorbell.Match is not { } match || match == ValueOf(data)))
            {
                ulong one = 1;
                _ = CLibrary.Write(doorbell.EventFd, &one, sizeof(ulong));
                return true;
            }
        }

        return false;
    }

    private static ulong ValueOf(ReadOnlySpan<byte> data)
    {
        Span<byte> whole = stackalloc byte[sizeof(ulong)];
        whole.Clear();
        data.CopyTo(whole);
        return BinaryPrimitives.ReadUInt64LittleEndian(whole);
    }
}
