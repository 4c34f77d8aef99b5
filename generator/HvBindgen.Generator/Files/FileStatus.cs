using System.Runtime.InteropServices;

namespace HvBindgen.Generator.Files;

/// <summary>What the system knows of a file or folder and .NET does not tell: its kind and whose it is. Links are followed.</summary>
/// <param name="Owner">Number of the user who owns it.</param>
/// <param name="IsRegular">Whether it is a file with content, not a device, pipe, socket or folder.</param>
/// <param name="SizeBytes">Size of its content.</param>
internal sealed partial record FileStatus(uint Owner, bool IsRegular, ulong SizeBytes)
{
    // linux/stat.h: AT_FDCWD, STATX_TYPE | STATX_UID | STATX_SIZE, S_IFMT, S_IFREG.
    private const int CurrentFolder = -100;
    private const uint Wanted = 0x1 | 0x8 | 0x200;
    private const int KindMask = 0xF000;
    private const int Regular = 0x8000;

    /// <summary>The status; null where there is no such file or the system does not tell.</summary>
    internal static FileStatus? Of(string path) => statx(CurrentFolder, path, 0, Wanted, out Answer answer) == 0
        ? new FileStatus(answer.Owner, (answer.Mode & KindMask) == Regular, answer.SizeBytes)
        : null;

    /// <summary>
    /// Whether a folder is the user's, the system's, or of the owner of the folder that the user works in: who starts there trusts it.
    /// </summary>
    internal static bool IsTrusted(string folder, uint? ownerOfStart) =>
        Of(folder)?.Owner is not { } owner || owner == 0 || owner == ownerOfStart || owner == geteuid();

    // linux/stat.h, struct statx; what follows in its 256 bytes is not looked at.
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    private struct Answer
    {
        internal uint Mask;
        internal uint BlockBytes;
        internal ulong Attributes;
        internal uint Links;
        internal uint Owner;
        internal uint Group;
        internal ushort Mode;
        internal ushort Spare;
        internal ulong Inode;
        internal ulong SizeBytes;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, out Answer answer);

    [LibraryImport("libc")]
    private static partial uint geteuid();
}
