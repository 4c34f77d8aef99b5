using System.Text;

namespace LinuxGuest;

/// <summary>An initial RAM disk in the making: an archive of the kind "newc" of cpio, as the kernel unpacks it
/// (Documentation/driver-api/early-userspace/buffer-format.rst).</summary>
internal sealed class InitialRamDisk
{
    private const int Alignment = 4;
    private const int HeaderFields = 13;
    private const uint FolderKind = 0x4000;
    private const uint FileKind = 0x8000;
    private const uint CharacterDeviceKind = 0x2000;
    private const uint Executable = 0x1ed; // rwxr-xr-x

    private readonly List<byte> archive = [];
    private uint count;

    /// <summary>Adds a folder. Those above it come first.</summary>
    /// <param name="path">Its path from the root, without a slash at the start.</param>
    public void AddFolder(string path) => Add(path, FolderKind | Executable, []);

    /// <summary>Adds a file that may be executed.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="content">Its bytes.</param>
    public void AddFile(string path, ReadOnlySpan<byte> content) => Add(path, FileKind | Executable, content);

    /// <summary>Adds a character device.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="major">Which driver.</param>
    /// <param name="minor">Which of its devices.</param>
    public void AddDevice(string path, uint major, uint minor) => Add(path, CharacterDeviceKind | Executable, [], major, minor);

    /// <summary>Ends the archive.</summary>
    /// <returns>Its bytes.</returns>
    public byte[] ToArray()
    {
        Add("TRAILER!!!", 0, []);
        return [.. archive];
    }

    private void Add(string path, uint mode, ReadOnlySpan<byte> content, uint major = 0, uint minor = 0)
    {
        byte[] name = Encoding.UTF8.GetBytes(path + "\0");

        // Inode, mode, user, group, links, time, size, device of the file, device that it is, size of the name, checksum: 8 digits each.
        Span<uint> fields =
            [++count, mode, 0, 0, 1, 0, (uint)content.Length, 0, 0, major, minor, (uint)name.Length, 0];
        StringBuilder header = new("070701", 6 + (8 * HeaderFields));
        foreach (uint field in fields)
        {
            _ = header.Append(field.ToString("x8", System.Globalization.CultureInfo.InvariantCulture));
        }

        archive.AddRange(Encoding.ASCII.GetBytes(header.ToString()));
        archive.AddRange(name);
        Align();
        archive.AddRange(content);
        Align();
    }

    private void Align()
    {
        while (archive.Count % Alignment != 0)
        {
            archive.Add(0);
        }
    }
}
