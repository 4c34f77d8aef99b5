using System.Runtime.InteropServices;

namespace HvBindgen.Generator.Files;

/// <summary>Whose a folder is: a configuration in a stranger's folder further up is none of the user's.</summary>
internal static partial class FolderOwner
{
    private const int CurrentFolder = -100;
    private const uint WantsOwner = 0x8;

    /// <summary>Number of the user who owns a folder; null where the system does not tell.</summary>
    public static uint? Of(string folder) => statx(CurrentFolder, folder, 0, WantsOwner, out Status status) == 0 ? status.Owner : null;

    /// <summary>
    /// Whether a folder is the user's, the system's, or of the owner of the folder that the user works in: who starts there trusts it.
    /// </summary>
    public static bool IsTrusted(string folder, uint? ownerOfStart) =>
        Of(folder) is not { } owner || owner == 0 || owner == ownerOfStart || owner == geteuid();

    // linux/stat.h, struct statx and its masks: AT_FDCWD, STATX_UID. The rest of the 256 bytes is not looked at.
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    private struct Status
    {
        public uint Mask;
        public uint BlockBytes;
        public ulong Attributes;
        public uint Links;
        public uint Owner;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, out Status status);

    [LibraryImport("libc")]
    private static partial uint geteuid();
}
